package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.HostTraces;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.Created;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing stays behind: not after long use, not after a killed JVM. */
@Tag("slow")
final class ProcessBackendCleanupTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void requireHost() {
        Functions.requireFullIsolation();
    }

    private static final int SANDBOXES = 200;

    @Test
    void shouldLeakNothingOverManySandboxes() throws IOException {
        Path code = Functions.shell(folder, "code", "echo up; sleep 1000");
        long pid = ProcessHandle.current().pid();
        Set<String> ofOthers = HostTraces.descriptors();
        try (ProcessBackend backend = new ProcessBackend()) {
            use(backend, code, 5);
            Set<String> descriptors = HostTraces.descriptors();
            List<Path> groups = HostTraces.groupsOf(pid);
            long children = ProcessHandle.current().children().count();
            use(backend, code, SANDBOXES);
            assertThat(HostTraces.descriptors()).isSubsetOf(descriptors);
            assertThat(HostTraces.groupsOf(pid)).containsExactlyInAnyOrderElementsOf(groups);
            assertThat(ProcessHandle.current().children().count()).isEqualTo(children);
        }
        assertThat(HostTraces.groupsOf(pid)).isEmpty();
        assertThat(HostTraces.descriptors())
                .filteredOn(descriptor -> descriptor.contains("pidfd"))
                .isSubsetOf(ofOthers);
    }

    @Test
    void shouldWeighAllSandboxesHalfOfThePlatform() throws IOException {
        long pid = ProcessHandle.current().pid();
        try (ProcessBackend _ = new ProcessBackend()) {
            List<Path> weights = HostTraces.groupsOf(pid).stream()
                    .flatMap(group -> Stream.of(group.resolve("cpu.shares"), group.resolve("cpu.weight")))
                    .filter(Files::exists)
                    .toList();
            assertThat(weights).hasSize(1);
            assertThat(Files.readString(weights.getFirst()).strip()).isIn("512", "50");
        }
    }

    private static void use(ProcessBackend backend, Path code, int count) {
        for (int i = 0; i < count; i++) {
            try (Bench bench = new Bench(backend, Functions.spec("leak" + i, code))) {
                if (i % 4 > 0) {
                    bench.start();
                }
                if (i % 4 > 1) {
                    bench.reset();
                }
                if (i % 4 > 2) {
                    // Overtaken by destroy while it is under way.
                    bench.sandbox.reset();
                }
            }
        }
    }

    @Test
    void shouldDestroyWhatIsLeftWhenClosed() throws IOException {
        Path code = Functions.shell(folder, "left", "sleep 1000");
        RecordedEvents events = new RecordedEvents();
        try (ProcessBackend backend = new ProcessBackend()) {
            backend.create(Functions.spec("left", code), events);
            events.await(Created.class).sandbox().start(true);
        }
        events.await(RecordedEvents.Destroyed.class);
        assertThat(HostTraces.groupsOf(ProcessHandle.current().pid())).isEmpty();
    }

    /** Nobody watches a sandbox whose owner failed: its end is never seen. */
    @Test
    void shouldKillWhatDoesNotGoWhenClosed() throws Exception {
        Path code = Functions.shell(folder, "stays", "sleep 1000");
        RecordedEvents events = new RecordedEvents(true);
        List<ProcessHandle> processes;
        try (ProcessBackend backend = new ProcessBackend(ProcessBackendConfig.defaults(), 100)) {
            backend.create(Functions.spec("stays", code), events);
            events.await(Created.class).sandbox().start(true);
            processes = ProcessHandle.current().descendants().toList();
        }
        for (ProcessHandle process : processes) {
            assertThat(process.onExit().get(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(HostTraces.groupsOf(ProcessHandle.current().pid())).isEmpty();
    }

    /** Runs in a JVM of its own, to be killed while sandboxes start, run and stand frozen. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            Path code = Path.of(arguments[0]);
            ProcessBackend backend = new ProcessBackend();
            for (int i = 0; i < 3; i++) {
                Bench bench = new Bench(backend, Functions.spec("victim" + i, code)).start();
                bench.outputUntil(text -> text.contains("up"));
                if (i == 1) {
                    bench.sandbox.freeze();
                }
            }
            System.out.println("ready");
            RecordedEvents events = new RecordedEvents();
            for (int i = 0; i < 1000; i++) {
                backend.create(Functions.spec("starting" + i, code), events);
                events.await(Created.class).sandbox().start(true);
            }
        }
    }

    @Test
    void shouldLeaveNoProcessWhenTheJvmIsKilled() throws Exception {
        Path code = Functions.shell(folder, "victim", "echo up; exec sleep 987654");
        for (int round = 0; round < 3; round++) {
            Process jvm = HostTraces.startJvm(Victim.class, code.toString());
            try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
                assertThat(output.readLine()).isEqualTo("ready");
                jvm.destroyForcibly().waitFor();
            }
            while (!HostTraces.groupsOf(jvm.pid()).isEmpty() || anySleeps()) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean anySleeps() {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains("sleep 987654"));
    }
}
