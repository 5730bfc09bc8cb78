package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Functions;
import dev.thaw.sandbox.RecordedEvents;
import dev.thaw.sandbox.RecordedEvents.Created;
import dev.thaw.sandbox.RecordedEvents.Destroyed;
import dev.thaw.sandbox.RecordedEvents.SnapshotTaken;
import dev.thaw.sandbox.Sandbox;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.kernel.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines that go on from a snapshot of another one. */
@Tag("slow")
final class VmSnapshotTest {
    private static final String COUNTING = """
            n=0
            while :; do
              n=$((n+1))
              echo "n=$n time=$(date +%s) word=secret-of-the-function random=$(cat /proc/sys/kernel/random/uuid)"
              sleep 0.05
            done
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void shouldGoOnWhereItStoodWithTheRightTimeAndRandomnessOfItsOwn(Architecture architecture) throws IOException {
        Path code = Functions.shell(folder, "count", COUNTING);
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        try (MicroVmBackend backend = MicroVms.openOrSkip(architecture)) {
            SandboxSpec spec = Functions.spec("original", code, 128, architecture);
            Run original = new Run(backend, spec);
            String before = original.until(text -> text.contains("n=3 "));
            assertThat(memoryHolds("secret-of-the-function")).isTrue();
            original.sandbox.snapshot(snapshot);
            original.events.await(SnapshotTaken.class);
            original.destroy();
            assertSealed(snapshot);

            Run first = new Run(backend, copy(spec, "first").restoredFrom(snapshot));
            Run second = new Run(backend, copy(spec, "second").restoredFrom(snapshot));
            long nowSec = System.currentTimeMillis() / 1000;
            String one = first.until(text -> text.contains("\n") && text.split("\n", -1).length > 3);
            String other = second.until(text -> text.contains("\n") && text.split("\n", -1).length > 3);

            assertThat(before).contains("n=1 ");
            assertThat(one).doesNotContain("n=1 ").contains("n=");
            String[] line = one.split("\n", -1)[2].split(" ", -1);
            assertThat(Long.parseLong(line[1].substring("time=".length()))).isBetween(nowSec - 2, nowSec + 60);
            assertThat(randoms(one)).isNotEmpty().doesNotContainAnyElementsOf(randoms(other));
            first.destroy();
            second.destroy();
        }
    }

    /** Whether the memory of a guest that this process started has a word: so that none in a snapshot means something. */
    private static boolean memoryHolds(String word) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : open.toList()) {
                if (Files.isSymbolicLink(fd)
                        && Files.readSymbolicLink(fd).toString().startsWith("/memfd:guest")) {
                    return holds(fd, word);
                }
            }
        }
        return false;
    }

    private static boolean holds(Path file, String word) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String before = "";
            for (byte[] part = in.readNBytes(1 << 20); part.length > 0; part = in.readNBytes(1 << 20)) {
                String text = before + new String(part, StandardCharsets.ISO_8859_1);
                if (text.contains(word)) {
                    return true;
                }
                before = text.substring(Math.max(0, text.length() - word.length()));
            }
        }
        return false;
    }

    private static List<String> randoms(String text) {
        return Stream.of(text.split("\n", -1))
                .filter(line -> line.contains("random="))
                .skip(1) // begun before the snapshot
                .map(line -> line.replaceAll(".*random=", ""))
                .filter(random -> !random.isEmpty())
                .toList();
    }

    private static SandboxSpec copy(SandboxSpec spec, String name) {
        return Functions.spec(name, spec.codeDirectory(), spec.memoryMib(), spec.architecture());
    }

    private static void assertSealed(Path snapshot) throws IOException {
        try (Stream<Path> files = Files.list(snapshot)) {
            for (Path file : files.toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(bytes).doesNotContain("secret-of-the-function");
            }
        }
    }

    /** A sandbox that runs, and what it says. */
    private static final class Run {
        private final RecordedEvents events = new RecordedEvents();
        private final Sandbox sandbox;
        private final int outputFd;

        Run(MicroVmBackend backend, SandboxSpec spec) {
            backend.create(spec, events);
            sandbox = events.await(Created.class).sandbox();
            outputFd = sandbox.takeOutputFd();
            sandbox.start(true);
        }

        String until(java.util.function.Predicate<String> enough) {
            return Functions.outputUntil(outputFd, enough);
        }

        void destroy() {
            sandbox.destroy();
            events.skipTo(Destroyed.class);
            Kernel.close(outputFd);
        }
    }
}
