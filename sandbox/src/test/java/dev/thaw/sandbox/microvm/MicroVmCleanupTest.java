package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.HostTraces;
import dev.thaw.sandbox.RecordedEvents;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a microVM stays behind: not after its end, however it came, and not after a killed JVM. */
@Tag("slow")
@Timeout(120)
final class MicroVmCleanupTest {
    private static final ExitStatus KILLED = new ExitStatus(-1, 9, false);
    /** More machines than these tests start. */
    private static final int SOCKETS = 64;

    @TempDir
    static Path folder;

    private static @Nullable MicroVmBackend backend;

    /** A microVM's end. */
    @FunctionalInterface
    private interface End {
        void of(Bench bench) throws IOException;
    }

    @BeforeAll
    static void open() {
        backend = MicroVms.openOrSkip(Architecture.host());
    }

    @AfterAll
    static void close() {
        if (backend != null) {
            backend.close();
        }
    }

    /** Everything of this process that a microVM has a part of. */
    private record Traces(Set<String> descriptors, List<Path> groups, List<Path> files, Set<Long> processes) {
        static Traces now() throws IOException {
            long pid = ProcessHandle.current().pid();
            return new Traces(
                    HostTraces.descriptors(), HostTraces.groupsOf(pid), HostTraces.scratchOf(pid), descendants(pid));
        }
    }

    private static Set<Long> descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static Bench bench(String name) {
        Path code = Functions.shell(folder, "code", "echo up; sleep 1000 & wait");
        return new Bench(Objects.requireNonNull(backend), Functions.spec(name, code, 128));
    }

    private static Bench running(String name) {
        Bench bench = bench(name).start();
        bench.outputUntil(text -> text.contains("up\n"));
        return bench;
    }

    /** Ends every machine of this test's backend from outside: no other runs meanwhile. */
    private static void killMachines() {
        assertThat(ProcessHandle.current()
                        .descendants()
                        .filter(process -> process.info().command().orElse("").contains("qemu-system"))
                        .filter(ProcessHandle::destroyForcibly))
                .isNotEmpty();
    }

    @Test
    void shouldLeaveNothingBehindHoweverItEnds() throws IOException {
        List<End> ends = List.of(
                Bench::destroy,
                bench -> {
                    killMachines();
                    bench.outputAfter(KILLED);
                    bench.destroy();
                },
                bench -> {
                    bench.sandbox.freeze();
                    killMachines();
                    bench.outputAfter(KILLED);
                    bench.destroy();
                },
                bench -> {
                    bench.sandbox.reset(); // overtaken by destroy while it is under way
                    bench.destroy();
                });
        try (Bench first = running("first")) {
            first.reset();
        }
        Traces before = Traces.now();
        for (End end : ends) {
            end.of(running("again"));
        }
        try (Bench neverStarted = bench("again")) {
            killMachines();
            neverStarted.outputAfter(KILLED);
        }
        Traces after = Traces.now();
        assertThat(after.descriptors()).isSubsetOf(before.descriptors());
        assertThat(after.groups()).isEqualTo(before.groups());
        assertThat(after.files()).isEqualTo(before.files());
        assertThat(after.processes()).isEqualTo(before.processes());
    }

    /** Something lies where its socket is to be: the VMM runs by then, and nobody could speak with its guest. */
    @Test
    void shouldLeaveNothingBehindWhereItsChannelCannotBeOpened() throws Exception {
        long pid = ProcessHandle.current().pid();
        running("before").destroy();
        Traces before = Traces.now();
        List<Path> inTheWay = new ArrayList<>();
        for (Path sockets : before.files().stream().filter(Files::isDirectory).toList()) {
            for (int number = 0; number < SOCKETS; number++) {
                inTheWay.add(Files.createFile(sockets.resolve(Integer.toString(number))));
            }
        }
        RecordedEvents events = new RecordedEvents();
        Path code = Functions.shell(folder, "unheard", "echo up");

        Objects.requireNonNull(backend).create(Functions.spec("unheard", code, 128), events);

        assertThat(events.await(RecordedEvents.CreateFailed.class).reason())
                .contains("sandbox unheard: ", "EADDRINUSE");
        for (Path file : inTheWay) {
            Files.deleteIfExists(file);
        }
        for (long process : descendants(pid)) {
            if (!before.processes().contains(process)) {
                ProcessHandle.of(process).orElseThrow().onExit().get(20, TimeUnit.SECONDS);
            }
        }
        while (!HostTraces.groupsOf(pid).equals(before.groups())) {
            Thread.onSpinWait(); // swept a moment after the last process
        }
        assertThat(Traces.now().descriptors()).isSubsetOf(before.descriptors());
        assertThat(Traces.now().files()).isEqualTo(before.files());
    }

    /** Runs in a JVM of its own, to be killed while one machine runs, one stands frozen and one boots. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            MicroVmBackend victims = MicroVms.openOrSkip(Architecture.host());
            Path code = Path.of(arguments[0]);
            Bench runs = new Bench(victims, Functions.spec("runs", code, 128)).start();
            Bench frozen = new Bench(victims, Functions.spec("frozen", code, 128)).start();
            runs.outputUntil(text -> text.contains("up"));
            frozen.outputUntil(text -> text.contains("up"));
            frozen.sandbox.freeze();
            victims.create(Functions.spec("boots", code, 128), new RecordedEvents());
            System.out.println("ready");
        }
    }

    /** Processes and groups go at once; the folder of sockets when a backend is opened next. */
    @Test
    void shouldLeaveNothingBehindWhereTheJvmIsKilled() throws Exception {
        Path code = Functions.shell(folder, "victim", "echo up; exec sleep 1000");
        Process jvm = HostTraces.startJvm(Victim.class, code.toString());
        try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("ready");
            assertThat(HostTraces.scratchOf(jvm.pid())).isNotEmpty();
            Set<Long> processes = descendants(jvm.pid());
            jvm.destroyForcibly().waitFor();
            while (!HostTraces.groupsOf(jvm.pid()).isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(processes).hasSizeGreaterThan(3);
            for (long process : processes) {
                ProcessHandle.of(process).ifPresent(left -> left.onExit().join());
            }
        }
        MicroVms.openOrSkip(Architecture.host()).close();
        assertThat(HostTraces.scratchOf(jvm.pid())).isEmpty();
    }
}
