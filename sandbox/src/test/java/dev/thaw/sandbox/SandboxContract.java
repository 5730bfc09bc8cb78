package dev.thaw.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What owners of sandboxes rely on, whatever holds them in. One backend for all of a class: machines take their time. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SandboxContract {
    private static final ExitStatus KILLED = new ExitStatus(-1, 9, false);
    private static final ExitStatus KILLED_FOR_MEMORY = new ExitStatus(-1, 9, true);

    @TempDir
    Path folder;

    private @Nullable SandboxBackend backend;

    /** Skips, with a printed line, where this host cannot. */
    protected abstract SandboxBackend open();

    protected abstract Architecture architecture();

    @BeforeAll
    void openBackend() {
        backend = open();
    }

    @AfterAll
    void closeBackend() {
        if (backend != null) {
            backend.close();
        }
    }

    private Bench bench(String name, String script, int memoryMib) {
        return bench(name, Functions.shell(folder, name, script), memoryMib);
    }

    private Bench bench(String name, Path code, int memoryMib) {
        return new Bench(Objects.requireNonNull(backend), Functions.spec(name, code, memoryMib, architecture()));
    }

    @Test
    void shouldRunNothingBeforeStartAndTellHowItEndedAndStartAgain() {
        String script = "pwd; uname -m; cat /tmp/kept 2>&1; echo first > /tmp/kept; exit 3";
        try (Bench bench = bench("exit", script, 256)) {
            assertThat(bench.events.isEmpty()).isTrue();
            bench.start();
            assertThat(bench.outputAfter(new ExitStatus(3, 0, false)))
                    .contains("/var/task\n", "No such file")
                    .contains(architecture() == Architecture.ARM64 ? "aarch64" : "x86_64");
            bench.reset();
            bench.start();
            assertThat(bench.outputAfter(new ExitStatus(3, 0, false))).contains("first");
        }
    }

    @Test
    void shouldTellAKillAndAFilledMemoryFromOtherEnds() {
        try (Bench bench = bench("killed", "echo up; sleep 1000 & wait", 128).start()) {
            bench.outputUntil(text -> text.contains("up\n"));
            bench.sandbox.kill();
            bench.outputAfter(KILLED);
            bench.reset();
            bench.sandbox.kill();
            bench.outputAfter(KILLED);
            bench.reset();
            bench.start();
            bench.outputUntil(text -> text.contains("up\n"));
            bench.sandbox.exhaustMemory();
            bench.outputAfter(KILLED_FOR_MEMORY);
            assertThat(bench.stats().oomKills).isPositive();
            bench.reset();
            bench.start();
            bench.outputUntil(text -> text.contains("up\n"));
            assertThat(bench.events.isEmpty()).isTrue();
        }
    }

    @Test
    void shouldAskTheRuntimeToEndAndDestroyWhatIsFrozen() {
        String script = "trap 'echo asked; exit 4' TERM; echo ready; while :; do sleep 0.01; done";
        Bench bench = bench("asked", script, 256).start();
        bench.outputUntil(output -> output.contains("ready"));
        bench.sandbox.terminateRuntime();
        assertThat(bench.outputAfter(new ExitStatus(4, 0, false))).contains("asked");
        bench.reset();
        bench.start();
        bench.outputUntil(output -> output.contains("ready"));
        bench.sandbox.freeze();
        bench.destroy();
    }

    @Test
    void shouldTellAtStartThatThereIsNoBootstrap() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        try (Bench bench = bench("empty", empty, 128).start()) {
            assertThat(bench.outputAfter(new ExitStatus(127, 0, false, true)))
                    .contains("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]\n");
        }
    }

    @Test
    void shouldStandStillWhileFrozenAndKnowTheTimeAfterwards() {
        String clock = "echo up; while :; do date +%s; sleep 0.05; done";
        try (Bench bench = bench("freeze", clock, 256).start()) {
            bench.outputUntil(text -> text.contains("up\n"));
            bench.sandbox.freeze();
            long stillNs = cpuOnceStill(bench);
            bench.outputUntil(text -> true);
            bench.sandbox.thaw();
            long thawedSec = System.currentTimeMillis() / 1000;
            List<String> lines = List.of(bench.outputUntil(text -> text.endsWith("\n") && latest(text) >= thawedSec)
                    .split("\n", -1));
            assertThat(lines).isNotEmpty();
            assertThat(bench.stats().cpuNs).isGreaterThan(stillNs);
        }
    }

    private static long latest(String text) {
        String[] lines = text.strip().split("\n", -1);
        return Long.parseLong(lines[lines.length - 1].replace("up", "0"));
    }

    /** CPU time once many readings in a row agree: freezing is asynchronous. */
    private static long cpuOnceStill(Bench bench) {
        long cpuNs = bench.stats().cpuNs;
        for (int same = 0; same < 100_000; same++) {
            long nowNs = bench.stats().cpuNs;
            same = nowNs == cpuNs ? same : 0;
            cpuNs = nowNs;
        }
        return cpuNs;
    }

    @Test
    void shouldThrottleASpinnerOnceItsBoostEnds() {
        try (Bench bench = bench("spin", "echo up; while :; do :; done", 128).start()) {
            bench.outputUntil(text -> text.contains("up"));
            assertThat(bench.stats().throttledNs).isZero();
            bench.sandbox.endBoost();
            while (bench.stats().throttledNs == 0) {
                Thread.onSpinWait();
            }
            assertThat(bench.stats().cpuNs).isPositive();
        }
    }

    @Test
    void shouldSeeNothingOfTheHostAndHaveNoWayOut() {
        String questions = """
                ask() { printf '%s=' "$1"; shift; "$@" 2>&1 | tr '\\n' ' '; echo; }
                ask user id -u
                ask interfaces sh -c 'tail -n +3 /proc/net/dev | cut -d: -f1'
                ask routes sh -c 'tail -n +2 /proc/net/route'
                ask top ls /root /home
                ask write sh -c 'echo x > /usr/x'
                ask writetask sh -c 'echo x > /var/task/x'
                ask privileges sh -c 'grep -E "NoNewPrivs|CapEff|CapBnd" /proc/self/status | tr -s "[:space:]" " "'
                ask processes sh -c 'ls /proc | grep -c "^[0-9]*$"'
                echo done=
                """;
        try (Bench bench = bench("facts", questions, 256).start()) {
            String output = bench.outputAfter(new ExitStatus(0, 0, false));
            assertThat(output)
                    .contains("user=993")
                    .containsPattern("interfaces= *lo *\n")
                    .containsPattern("routes= *\n")
                    .containsPattern("write=.*Read-only file system")
                    .containsPattern("writetask=.*Read-only file system")
                    .contains("CapEff: 0000000000000000", "CapBnd: 0000000000000000", "NoNewPrivs: 1");
        }
    }
}
