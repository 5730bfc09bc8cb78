package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real init and a host that sends anything: it refuses and ends, it does not crash. */
@Tag("slow")
final class HostileHostTest {
    private static final int GUESTS = 12;
    private static final int FRAMES = 3_000;

    @TempDir
    Path folder;

    @Test
    void shouldRefuseOrObeyAnyFrames() {
        GuestBox.require();
        long seed = new Random().nextLong();
        System.out.println("HostileHostTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < GUESTS; round++) {
            try (GuestProcess guest =
                    new GuestProcess(folder.resolve("guest" + round), Map.of("run", "exec sleep 9"))) {
                FdSocket host = new FdSocket(guest.hostFd);
                if (round % 2 == 0) {
                    assertThat(host.tryWrite(
                                    Commands.prepare(GuestBox.spec(Map.of(), List.of(), List.of("/var/task/run")))))
                            .isTrue();
                }
                for (int i = 0; i < FRAMES && host.tryWrite(frame(random)); i++) {
                    host.readWhatIsThere();
                }
                host.close();
                assertThat(guest.awaitExitCode()).as("exit code, seed " + seed).isBetween(0, 1);
            }
        }
    }

    /** Not one that fills the memory: nothing limits it here. */
    private static byte[] frame(Random random) {
        List<FrameType> types = List.of(FrameType.values());
        FrameType type = types.get(random.nextInt(types.size()));
        byte[] payload =
                new byte[random.nextInt(20) == 0 ? random.nextInt(Frames.PAYLOAD_BYTES_MAX) : random.nextInt(64)];
        random.nextBytes(payload);
        boolean rare = type == FrameType.POWER_OFF || type.number >= FrameType.READY.number;
        if (type == FrameType.EXHAUST_MEMORY || (rare && random.nextInt(FRAMES) > 0)) {
            type = random.nextBoolean() ? FrameType.SPEC : FrameType.WINDOW;
        }
        return Commands.of(type, random.nextInt(type == FrameType.SPEC ? 14 : Frames.STREAMS), payload);
    }
}
