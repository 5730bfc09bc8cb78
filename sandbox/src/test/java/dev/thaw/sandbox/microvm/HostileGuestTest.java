package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that is written by the test says what it likes: nobody but itself comes to harm. */
final class HostileGuestTest {
    private static final int ROUNDS = 300;
    private static final int WARM_BATCHES = 50;

    @TempDir
    Path folder;

    private GuestChannels channels;

    /** The machine's end of a channel. */
    private static final class Guest {
        final RecordedGuestEvents events = new RecordedGuestEvents();
        final FdSocket socket;
        final GuestChannel channel;

        Guest(GuestChannels channels) {
            long pair = LocalSocket.pair();
            channel = channels.open((int) pair, events);
            socket = new FdSocket((int) (pair >> 32));
        }

        Guest ready() {
            send(FrameType.READY, 0, numbers(1, 2, 3, 4, Frames.VERSION));
            assertThat(events.next()).isEqualTo("ready");
            return this;
        }

        void send(FrameType type, int stream, byte[] payload) {
            socket.write(Commands.of(type, stream, payload));
        }

        void expectLost(String reason) {
            assertThat(events.next()).startsWith("lost: ").contains(reason);
        }
    }

    private static byte[] numbers(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    @BeforeEach
    void open() {
        channels = new GuestChannels(folder.resolve("sockets"));
    }

    @AfterEach
    void close() {
        channels.close();
    }

    private static final byte[] NOTHING = {};

    @Test
    void shouldRefuseAnswersThatNobodyAskedFor() {
        for (FrameType type : List.of(
                FrameType.PREPARED,
                FrameType.RESET_DONE,
                FrameType.CHECKPOINTED,
                FrameType.CONNECTED,
                FrameType.CONNECT_FAILED,
                FrameType.EXITED,
                FrameType.DATA,
                FrameType.CLOSE,
                FrameType.BREAK,
                FrameType.READY)) {
            Guest guest = new Guest(channels).ready();
            guest.send(type, 40, numbers(0, 0, 0, 0, Frames.VERSION));
            guest.expectLost("guest broke the protocol");
        }
    }

    @Test
    void shouldRefuseMoreThanAWindow() {
        Guest guest = new Guest(channels).ready();
        FdSocket api = new FdSocket(guest.channel.takeRuntimeApiFd());
        guest.send(FrameType.OPEN, 3, NOTHING);
        FdSocket connection = api.accept(); // and reads nothing
        byte[] block = new byte[Frames.PAYLOAD_BYTES_MAX];
        for (int i = 0; i < 100 && guest.socket.tryWrite(Commands.of(FrameType.DATA, 3, block)); i++) {
            // what its socket and one window hold
        }
        guest.expectLost("stream 3 has more bytes than its window");
        connection.close();
    }

    @Test
    void shouldRefuseStreamsOutOfPlace() {
        for (int stream : new int[] {0, 1, 2, Frames.FIRST_CONNECTED_STREAM, Frames.STREAMS - 1}) {
            Guest guest = new Guest(channels).ready();
            guest.send(FrameType.OPEN, stream, NOTHING);
            guest.expectLost("stream " + stream + " cannot be opened");
        }
    }

    @Test
    void shouldBreakConnectionsThatNobodyServes() {
        Guest guest = new Guest(channels).ready();
        Kernel.close(guest.channel.takeRuntimeApiFd());
        guest.send(FrameType.OPEN, 3, NOTHING);
        assertThat(guest.socket.read(8)).isEqualTo(Commands.of(FrameType.BREAK, 3, NOTHING));
        guest.send(FrameType.CLOSE, 3, NOTHING);
        guest.send(FrameType.OPEN, 3, NOTHING);
        assertThat(guest.socket.read(8)).isEqualTo(Commands.of(FrameType.BREAK, 3, NOTHING));
    }

    @Test
    void shouldNotOweAnythingWithoutBound() {
        Guest guest = new Guest(channels).ready();
        Kernel.close(guest.channel.takeRuntimeApiFd());
        ByteArrayOutputStream cycle = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            cycle.writeBytes(Commands.of(FrameType.OPEN, 3, NOTHING));
            cycle.writeBytes(Commands.of(FrameType.CLOSE, 3, NOTHING));
        }
        for (int i = 0; i < 1000 && guest.socket.tryWrite(cycle.toByteArray()); i++) {
            // never reads
        }
        guest.expectLost("more answers are owed to it");
    }

    @Test
    void shouldTakeComplaintsOnlyForAWhile() {
        Guest guest = new Guest(channels).ready();
        for (int i = 0;
                i < 300 && guest.socket.tryWrite(Commands.of(FrameType.FAULT, 0, new byte[] {7, 10, 'x'}));
                i++) {
            // complains
        }
        guest.expectLost("it complains without end");
        assertThat(guest.events.faults).hasSize(256).allMatch("??x"::equals);
    }

    @Test
    void shouldServeOthersBesideAGuestThatDoesNotRead() {
        Guest stuck = new Guest(channels).ready();
        FdSocket stuckApi = new FdSocket(stuck.channel.takeRuntimeApiFd());
        for (int stream = 3; stream < 40; stream++) {
            stuck.send(FrameType.OPEN, stream, NOTHING);
            FdSocket connection = stuckApi.accept();
            connection.writeWhatFits(Frames.WINDOW_BYTES);
        }
        stuck.channel.kill(); // waits in line
        Guest other = new Guest(channels).ready();
        FdSocket api = new FdSocket(other.channel.takeRuntimeApiFd());
        other.send(FrameType.OPEN, 3, NOTHING);
        FdSocket connection = api.accept();
        other.send(FrameType.DATA, 3, new byte[] {'h', 'i', '\n'});
        assertThat(connection.readUntil("\n")).isEqualTo("hi\n");
    }

    /** Bytes that look like frames, from a seed that a failure names; the thread and an honest guest live on. */
    @Test
    void shouldSurviveAnyGuest() {
        long seed = new Random().nextLong();
        System.out.println("HostileGuestTest seed " + seed);
        Random random = new Random(seed);
        Guest honest = new Guest(channels).ready();
        int before = openFiles();
        for (int round = 0; round < ROUNDS; round++) {
            Guest guest = new Guest(channels);
            FdSocket api = new FdSocket(guest.channel.takeRuntimeApiFd());
            guest.channel.prepare(new GuestSpec(
                    1,
                    1,
                    1,
                    1,
                    1,
                    "x",
                    "/",
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of("x"),
                    List.of(),
                    ByteBuffer.allocate(0)));
            guest.channel.connectInside(1, fd -> Kernel.close(Math.max(fd, -1)));
            guest.channel.reset();
            guest.socket.tryWrite(Commands.of(FrameType.READY, 0, numbers(1, 2, 3, 4, Frames.VERSION)));
            for (int i = 0; i < 60 && guest.socket.tryWrite(frame(random)); i++) {
                // whatever comes
            }
            guest.socket.close();
            String told = guest.events.next();
            while (!told.startsWith("lost: ")) {
                told = guest.events.next();
            }
            guest.channel.close();
            api.close();
        }
        FdSocket api = new FdSocket(honest.channel.takeRuntimeApiFd());
        honest.send(FrameType.OPEN, 3, NOTHING);
        FdSocket connection = api.accept();
        honest.send(FrameType.DATA, 3, new byte[] {'h', 'i', '\n'});
        assertThat(connection.readUntil("\n")).isEqualTo("hi\n");
        connection.close();
        assertThat(openFilesOnceDownTo(before)).as("open files, seed " + seed).isLessThanOrEqualTo(before);
    }

    private static byte[] frame(Random random) {
        List<FrameType> types = List.of(FrameType.values());
        byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(12)];
        if (random.nextBoolean()) {
            random.nextBytes(payload);
        }
        int stream = random.nextInt(8) == 0 ? random.nextInt(140) : random.nextInt(3) == 0 ? 96 : random.nextInt(5);
        byte[] frame = Commands.of(types.get(random.nextInt(types.size())), stream, payload);
        FrameType likely = List.of(FrameType.OPEN, FrameType.DATA, FrameType.WINDOW, FrameType.CLOSE, FrameType.BREAK)
                .get(random.nextInt(5));
        if (random.nextInt(3) > 0) {
            frame[6] = (byte) likely.number;
        }
        return frame;
    }

    /** The channel closes its ends when it hears of ours. */
    private static int openFilesOnceDownTo(int expected) {
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        int open = openFiles();
        while (open > expected && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
            open = openFiles();
        }
        return open;
    }

    private static int openFiles() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }

    @Test
    void shouldNotAllocateForStreamsOnceWarm() {
        Guest guest = new Guest(channels).ready();
        FdSocket api = new FdSocket(guest.channel.takeRuntimeApiFd());
        guest.send(FrameType.OPEN, 3, NOTHING);
        FdSocket connection = api.accept();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = GuestChannelMeasurement.request(arena);
            connection.exchange(frame.asSlice(20), 100, guest.socket, (byte) '.');
            EchoRounds rounds = new EchoRounds(guest.socket, connection, frame);
            assertThat(allocatesNothingSometime(rounds)).isTrue();
        }
    }

    /** Whether there comes a batch for which nothing is allocated: the compiler takes its time. */
    private static boolean allocatesNothingSometime(EchoRounds rounds) {
        for (int batch = 0; batch < WARM_BATCHES; batch++) {
            long before = allocatedByChannelThread();
            rounds.run(5_000);
            if (allocatedByChannelThread() == before) {
                return true;
            }
        }
        return false;
    }

    private static long allocatedByChannelThread() {
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(candidate -> candidate.getName().equals("guest-channel"))
                .findFirst()
                .orElseThrow();
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(thread.threadId());
    }

    /** Request from the guest, answer back. */
    private record EchoRounds(FdSocket guest, FdSocket connection, MemorySegment frame) {
        void run(int count) {
            for (int i = 0; i < count; i++) {
                guest.exchange(frame, (int) frame.byteSize(), connection, (byte) '.');
                connection.exchange(frame.asSlice(20), 100, guest, (byte) '.');
            }
        }
    }
}
