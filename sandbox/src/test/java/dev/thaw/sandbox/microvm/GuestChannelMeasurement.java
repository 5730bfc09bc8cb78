package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.LocalSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Prints what the channel's thread adds to a round trip: from a guest's end through the thread to a connection's end, and
 * back; beside it the same bytes over a socket pair, without the thread. Not a test: it asserts nothing.
 */
final class GuestChannelMeasurement {
    private static final int WARM_UP = 50_000;
    private static final int ROUNDS = 50_000;
    private static final byte LAST = '.';

    private GuestChannelMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("guest-channel");
        try (GuestChannels channels = new GuestChannels(folder);
                Arena arena = Arena.ofConfined()) {
            long pair = LocalSocket.pair();
            GuestChannel guest = channels.open((int) pair, new RecordedGuestEvents());
            FdSocket machine = new FdSocket((int) (pair >> 32));
            FdSocket api = new FdSocket(guest.takeRuntimeApiFd());
            machine.write(Commands.of(FrameType.READY, 0, readyPayload()));
            machine.write(Commands.of(FrameType.OPEN, 3, new byte[0]));
            FdSocket connection = api.accept();
            MemorySegment frame = request(arena);
            MemorySegment answer = frame.asSlice(20);
            connection.exchange(answer, 100, machine, LAST);
            measure("through the channel", () -> {
                machine.exchange(frame, (int) frame.byteSize(), connection, LAST);
                connection.exchange(answer, 100, machine, LAST);
            });
            long plain = LocalSocket.pair();
            FdSocket here = new FdSocket((int) plain);
            FdSocket there = new FdSocket((int) (plain >> 32));
            measure("without it", () -> {
                here.exchange(answer, 100, there, LAST);
                there.exchange(answer, 100, here, LAST);
            });
        }
        Files.delete(folder);
    }

    /** WINDOW for the last answer, then a hundred bytes. */
    static MemorySegment request(Arena arena) {
        MemorySegment frame = arena.allocate(12 + 8 + 100);
        Frames.putHeader(frame, 0, FrameType.WINDOW, 3, 4);
        frame.set(Frames.INT, 8, 100);
        Frames.putHeader(frame, 12, FrameType.DATA, 3, 100);
        frame.asSlice(20).fill(LAST);
        return frame;
    }

    private static byte[] readyPayload() {
        byte[] payload = new byte[5 * Long.BYTES];
        payload[4 * Long.BYTES] = Frames.VERSION;
        return payload;
    }

    private static void measure(String what, Runnable round) {
        long[] tookNs = new long[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            long startNs = System.nanoTime();
            round.run();
            tookNs[Math.max(0, i)] = System.nanoTime() - startNs;
        }
        Arrays.sort(tookNs);
        System.out.printf(
                "%s: p50 %.1f us, p99 %.1f us%n", what, tookNs[ROUNDS / 2] / 1e3, tookNs[ROUNDS * 99 / 100] / 1e3);
    }
}
