package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ReadySet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * The host's end of one guest's channel: believes what a guest may say when it may say it, and takes anything else for
 * the end of it.
 *
 * <p>Threading: the thread of {@link GuestChannels}.
 */
final class GuestLink implements FrameReader.Sink {
    /** Key of the channel's own descriptor beside its streams. */
    static final int CHANNEL_KEY = 255;

    /** What a guest may have to say before it is taken for an attempt to fill the log. */
    private static final int FAULTS_MAX = 256;

    private static final int TEXT_BYTES_MAX = 512;

    /** The guest's answers that are awaited: without being asked it gives none. */
    private enum Awaited {
        READY,
        PREPARED,
        RESET_DONE,
        CHECKPOINTED
    }

    private final int fd;
    private final long keyBase;
    private final GuestChannel guest;
    private final GuestEvents events;
    private final ReadySet ready;
    private final Arena arena = Arena.ofShared();
    private final FrameReader reader = new FrameReader(arena, this);
    private final FrameWriter writer;
    private final StreamTable streams;
    private final int[] awaited = new int[Awaited.values().length];
    private int processes;
    private long exited;
    private int faults;
    private boolean blocked;
    private boolean closed;

    GuestLink(int fd, long keyBase, GuestChannel guest, GuestEvents events, ReadySet ready, StreamRings rings) {
        this.fd = fd;
        this.keyBase = keyBase;
        this.guest = guest;
        this.events = events;
        this.ready = ready;
        writer = new FrameWriter(arena, fd);
        streams = new StreamTable(writer, ready, rings, keyBase);
        expect(Awaited.READY);
        openOutputs();
        Kernel.check(ready.add(fd, ReadySet.IN, keyBase | CHANNEL_KEY), "epoll_ctl");
    }

    private void openOutputs() {
        streams.openOutput(Frames.OUTPUT_STREAM, guest.takeOutputWriteFd());
        streams.openOutput(Frames.EXTENSION_OUTPUT_STREAM, guest.takeExtensionOutputWriteFd());
    }

    private void expect(Awaited answer) {
        awaited[answer.ordinal()]++;
    }

    private void answered(Awaited answer) {
        if (awaited[answer.ordinal()] == 0) {
            throw new GuestFault(answer + ", which nobody asked for");
        }
        awaited[answer.ordinal()]--;
    }

    /** One of its descriptors is ready; {@code buffer} is the thread's. */
    void onReady(int key, int happened, MemorySegment buffer) {
        if (closed) {
            return;
        }
        if (key != CHANNEL_KEY) {
            streams.onReady(key, happened);
        } else if ((happened & ~ReadySet.OUT) != 0) {
            long count = Kernel.read(fd, buffer.address(), buffer.byteSize());
            if (count > 0) {
                reader.read(buffer, (int) count);
            } else if (count != -Kernel.EAGAIN && count != -Kernel.EINTR) {
                lose(count == 0 ? "the machine's end of the channel is closed" : "the channel failed, errno " + -count);
                return;
            }
        }
        flush();
    }

    private void flush() {
        if (closed) {
            return;
        }
        long result = writer.flush();
        if (result < 0) {
            lose("the channel failed, errno " + -result);
        } else if (writer.isBlocked() != blocked) {
            blocked = writer.isBlocked();
            ready.change(fd, blocked ? ReadySet.IN | ReadySet.OUT : ReadySet.IN, keyBase | CHANNEL_KEY);
            streams.setPaused(blocked);
        }
    }

    /** Sends whole frames after whatever waits. */
    void send(byte[] frames) {
        if (!closed) {
            writer.sendCommand(frames);
            flush();
        }
    }

    void prepare(byte[] frames, int processCount) {
        processes = processCount;
        expect(Awaited.PREPARED);
        send(frames);
    }

    void reset() {
        expect(Awaited.RESET_DONE);
        send(Commands.of(FrameType.RESET));
    }

    void endOutputs() {
        streams.endOutputs();
    }

    void checkpoint() {
        expect(Awaited.CHECKPOINTED);
        send(Commands.of(FrameType.CHECKPOINT));
    }

    void restored(byte[] frames, int processCount) {
        processes = processCount;
        expect(Awaited.READY);
        send(frames);
    }

    void connect(int port, IntConsumer connected) {
        if (closed) {
            connected.accept(-Kernel.ESRCH);
            return;
        }
        streams.connect(port, connected);
        flush();
    }

    @Override
    public void onData(int stream, MemorySegment bytes, long at, int count) {
        streams.onData(stream, bytes, at, count);
    }

    @Override
    public void onFrame(FrameType type, int stream, MemorySegment payload, long at, int length) {
        if (closed) {
            return;
        }
        switch (type) {
            case WINDOW -> streams.onWindow(stream, number(type, payload, at, length, 0));
            case CLOSE -> streams.onClose(stream);
            case BREAK -> streams.onBreak(stream);
            case OPEN -> onOpen(stream);
            case STATS_IS -> guest.setStats(wide(type, payload, at, length, 0), wide(type, payload, at, length, 1));
            default -> onRare(type, stream, payload, at, length);
        }
    }

    private void onRare(FrameType type, int stream, MemorySegment payload, long at, int length) {
        switch (type) {
            case READY -> onReady(payload, at, length);
            case PREPARED -> onPrepared(text(payload, at, length));
            case EXITED -> onExited(number(type, payload, at, length, 0), number(type, payload, at, length, 1));
            case RESET_DONE -> onReset();
            case CONNECTED -> streams.onConnected(stream);
            case CONNECT_FAILED -> streams.onConnectFailed(stream, number(type, payload, at, length, 0));
            case CHECKPOINTED -> onCheckpointed();
            case FAULT -> onFault(text(payload, at, length));
            default -> throw new GuestFault(type + " from a guest");
        }
    }

    private void onOpen(int stream) {
        boolean accepts = stream >= Frames.FIRST_ACCEPTED_STREAM && stream < Frames.FIRST_CONNECTED_STREAM;
        if (!accepts || !streams.isFree(stream)) {
            throw new GuestFault("stream " + stream + " cannot be opened");
        }
        streams.openAccepted(stream, guest.connect());
    }

    private void onReady(MemorySegment payload, long at, int length) {
        answered(Awaited.READY);
        FrameType type = FrameType.READY;
        long version = wide(type, payload, at, length, 4);
        if (version != Frames.VERSION) {
            throw new GuestFault("version " + version + " of it, must be " + Frames.VERSION);
        }
        events.onReady(new BootTimes(
                wide(type, payload, at, length, 0),
                wide(type, payload, at, length, 1),
                wide(type, payload, at, length, 2),
                wide(type, payload, at, length, 3)));
    }

    private void onPrepared(String problem) {
        answered(Awaited.PREPARED);
        if (problem.isEmpty()) {
            events.onPrepared();
        } else {
            events.onPrepareFailed(problem);
        }
    }

    private void onExited(int index, int waitStatus) {
        if (index < 0 || index >= processes || (exited & 1L << index) != 0) {
            throw new GuestFault("the end of process " + index + ", which has none to come");
        }
        exited |= 1L << index;
        events.onExited(index, waitStatus);
    }

    private void onReset() {
        answered(Awaited.RESET_DONE);
        streams.onReset();
        exited = 0;
        guest.renewEnds();
        openOutputs();
        events.onReset();
    }

    private void onCheckpointed() {
        answered(Awaited.CHECKPOINTED);
        streams.forgetConnections();
        events.onCheckpointed();
    }

    private void onFault(String text) {
        if (++faults > FAULTS_MAX) {
            throw new GuestFault("it complains without end");
        }
        events.onFault(text);
    }

    private static int number(FrameType type, MemorySegment payload, long at, int length, int index) {
        int offset = index * Integer.BYTES;
        checkLength(type, length, offset + Integer.BYTES);
        return payload.get(Frames.INT, at + offset);
    }

    private static long wide(FrameType type, MemorySegment payload, long at, int length, int index) {
        int offset = index * Long.BYTES;
        checkLength(type, length, offset + Long.BYTES);
        return payload.get(Frames.LONG, at + offset);
    }

    private static void checkLength(FrameType type, int length, int needed) {
        if (length < needed) {
            throw new GuestFault(type + " of " + length + " bytes, must have " + needed);
        }
    }

    /** One printable line. */
    private static String text(MemorySegment payload, long at, int length) {
        byte[] bytes = payload.asSlice(at, Math.min(length, TEXT_BYTES_MAX)).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII).replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Ends it for a reason that the owner does not know yet. */
    void lose(String reason) {
        if (!closed) {
            close();
            events.onLost(reason);
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        streams.closeAll();
        Kernel.close(fd);
        guest.closeEnds();
        arena.close();
    }

    long keyBase() {
        return keyBase;
    }

    boolean isClosed() {
        return closed;
    }
}
