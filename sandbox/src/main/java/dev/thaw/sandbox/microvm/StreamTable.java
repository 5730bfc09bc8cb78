package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ReadySet;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one guest, each joined to a descriptor on this side: bytes go both ways without being collected, and
 * what a descriptor does not take at once is held, a window of it at most.
 *
 * <p>Threading: the thread of {@link GuestChannels}. Allocates nothing for a stream that is open.
 */
final class StreamTable {
    private static final int ECONNRESET = 104;
    private static final int ERRNO_MAX = 4095;

    private final GuestStream[] streams = new GuestStream[Frames.STREAMS];
    private final FrameWriter writer;
    private final ReadySet ready;
    private final StreamRings rings;
    private final long keyBase;
    /** The guest does not take what is under way: nothing more is read for it. */
    private boolean paused;

    private int lastConnected = Frames.FIRST_CONNECTED_STREAM;

    StreamTable(FrameWriter writer, ReadySet ready, StreamRings rings, long keyBase) {
        this.writer = writer;
        this.ready = ready;
        this.rings = rings;
        this.keyBase = keyBase;
        for (int number = 0; number < streams.length; number++) {
            streams[number] = new GuestStream(number);
        }
    }

    /** Joins an output to the write end of a pipe. */
    void openOutput(int number, int pipeFd) {
        streams[number].open(GuestStream.Kind.OUTPUT, pipeFd);
        streams[number].sentClose = true; // nothing ever goes there
    }

    /** Whoever reads them sees their end; what the guest may still say there goes nowhere. */
    void endOutputs() {
        closeEnd(streams[Frames.OUTPUT_STREAM]);
        closeEnd(streams[Frames.EXTENSION_OUTPUT_STREAM]);
    }

    /** The guest opened a connection; {@code connectedFd} is its end here, or a negated errno. */
    void openAccepted(int number, long connectedFd) {
        GuestStream stream = streams[number];
        stream.open(GuestStream.Kind.CONNECTION, (int) Math.max(-1, connectedFd));
        if (connectedFd < 0) {
            breakStream(stream);
        } else {
            watch(stream);
        }
    }

    /** Whether the guest may use the number. What both sides have closed is, whatever waits still for its descriptor. */
    boolean isFree(int number) {
        GuestStream stream = streams[number];
        if (!stream.isFree() && stream.sentClose && stream.gotClose) {
            free(stream);
        }
        return stream.isFree();
    }

    /** Asks the guest for a connection. */
    void connect(int port, IntConsumer connected) {
        int number = nextFree();
        if (number < 0) {
            connected.accept(-Kernel.EAGAIN);
            return;
        }
        long pair = LocalSocket.pair();
        int ours = (int) pair;
        int theirs = (int) (pair >> 32);
        Kernel.setNonBlocking(ours);
        Kernel.setNonBlocking(theirs);
        GuestStream stream = streams[number];
        stream.open(GuestStream.Kind.CONNECTING, ours);
        stream.connected = connected;
        stream.theirFd = theirs;
        writer.sendCommand(Commands.connect(number, port));
    }

    /** The one that was free for longest: what the guest still says of a number is then not taken for a new stream's. */
    private int nextFree() {
        for (int tried = Frames.FIRST_CONNECTED_STREAM; tried < streams.length; tried++) {
            lastConnected = lastConnected + 1 < streams.length ? lastConnected + 1 : Frames.FIRST_CONNECTED_STREAM;
            if (streams[lastConnected].isFree()) {
                return lastConnected;
            }
        }
        return -1;
    }

    void onConnected(int number) {
        GuestStream stream = connecting(number);
        stream.kind = GuestStream.Kind.CONNECTION;
        watch(stream);
        answer(stream, stream.theirFd);
    }

    void onConnectFailed(int number, int errno) {
        GuestStream stream = connecting(number);
        Kernel.close(stream.theirFd);
        free(stream);
        answer(stream, errno > 0 && errno <= ERRNO_MAX ? -errno : -ECONNRESET);
    }

    private GuestStream connecting(int number) {
        GuestStream stream = streams[number];
        if (stream.kind != GuestStream.Kind.CONNECTING) {
            throw new GuestFault("stream " + number + " was not to be connected");
        }
        return stream;
    }

    private static void answer(GuestStream stream, int result) {
        IntConsumer connected = stream.connected;
        stream.connected = null;
        stream.theirFd = -1;
        if (connected != null) {
            connected.accept(result);
        }
    }

    /** The descriptor of a stream can be read or written, or is broken. */
    void onReady(int number, int events) {
        GuestStream stream = streams[number];
        if (stream.isFree() || stream.kind == GuestStream.Kind.CONNECTING || stream.fd < 0) {
            return; // closed by an event before this one
        }
        if ((events & ReadySet.OUT) != 0) {
            writePending(stream);
        }
        if (stream.fd >= 0 && !stream.sentClose && (events & ~ReadySet.OUT) != 0) {
            readStream(stream, (events & ReadySet.HANG_UP) != 0);
        }
    }

    private void readStream(GuestStream stream, boolean hungUp) {
        int room = Math.min(Math.min(writer.dataRoom(), stream.credit), Frames.PAYLOAD_BYTES_MAX);
        if (room == 0) {
            watch(stream);
            return;
        }
        long count = Kernel.read(stream.fd, writer.dataAddress(), room);
        if (count > 0) {
            writer.sendData(stream.number, (int) count);
            stream.credit -= (int) count;
            if (stream.credit == 0) {
                watch(stream);
            }
        } else if (count == 0 && !hungUp) { // an end that is there still, and reads
            stream.sentClose = true;
            writer.send(FrameType.CLOSE, stream.number);
            settle(stream);
        } else if (count != -Kernel.EAGAIN && count != -Kernel.EINTR) {
            breakStream(stream);
        }
    }

    private void writePending(GuestStream stream) {
        StreamRing ring = stream.pending;
        if (ring == null) {
            return;
        }
        long count = ring.write(stream.fd);
        if (count > 0) {
            acknowledge(stream, (int) count);
        } else if (count != -Kernel.EAGAIN && count != -Kernel.EINTR) {
            breakStream(stream);
            return;
        }
        if (ring.held() == 0) {
            forgetPending(stream);
            if (stream.gotClose) {
                LocalSocket.shutdownWrite(stream.fd);
            }
        }
        settle(stream);
    }

    /** Bytes of the guest's. */
    void onData(int number, MemorySegment bytes, long at, int count) {
        GuestStream stream = streams[number];
        if (stream.isFree() || stream.gotClose || stream.kind == GuestStream.Kind.CONNECTING) {
            throw new GuestFault("bytes for stream " + number + ", which is not open");
        }
        stream.allowed -= count;
        if (stream.allowed < 0) {
            throw new GuestFault("stream " + number + " has more bytes than its window");
        }
        if (stream.fd < 0) {
            acknowledge(stream, count);
            return;
        }
        int written = stream.hasPending() ? 0 : write(stream, bytes.address() + at, count);
        if (written < count && stream.fd >= 0) {
            hold(stream, bytes, at + written, count - written);
        }
    }

    private int write(GuestStream stream, long address, int count) {
        long written = Kernel.write(stream.fd, address, count);
        if (written < 0 && written != -Kernel.EAGAIN && written != -Kernel.EINTR) {
            breakStream(stream);
            acknowledge(stream, count);
            return count;
        }
        acknowledge(stream, (int) Math.max(0, written));
        return (int) Math.max(0, written);
    }

    private void hold(GuestStream stream, MemorySegment bytes, long at, int count) {
        StreamRing ring = stream.pending;
        if (ring == null) {
            ring = rings.take();
            stream.pending = ring;
        }
        int _ = ring.add(bytes, at, count);
        watch(stream);
    }

    /** A connection whose end is gone needs no more; an output is taken to its end, read or not. */
    private void acknowledge(GuestStream stream, int count) {
        if (stream.fd < 0 && stream.kind != GuestStream.Kind.OUTPUT) {
            return;
        }
        stream.taken += count;
        if (stream.taken >= Frames.WINDOW_BYTES / 2 && !writer.isFull() && !stream.gotClose) {
            writer.send(FrameType.WINDOW, stream.number, stream.taken);
            stream.allowed += stream.taken;
            stream.taken = 0;
        }
    }

    void onWindow(int number, int count) {
        GuestStream stream = streams[number];
        if (stream.isFree()) {
            return;
        }
        if (count < 0 || count > Frames.WINDOW_BYTES - stream.credit) {
            throw new GuestFault("stream " + number + " took more bytes than it was sent");
        }
        stream.credit += count;
        watch(stream);
    }

    void onClose(int number) {
        GuestStream stream = closing(number);
        if (stream.fd >= 0 && !stream.hasPending() && stream.kind == GuestStream.Kind.CONNECTION) {
            LocalSocket.shutdownWrite(stream.fd);
        }
        settle(stream);
    }

    /** What came before is still written. */
    void onBreak(int number) {
        GuestStream stream = closing(number);
        if (!stream.sentClose) {
            stream.sentClose = true;
            writer.send(FrameType.BREAK, number);
        }
        settle(stream);
    }

    private GuestStream closing(int number) {
        GuestStream stream = streams[number];
        if (stream.isFree() || stream.kind == GuestStream.Kind.CONNECTING || stream.gotClose) {
            throw new GuestFault("stream " + number + " was closed, and is not open");
        }
        stream.gotClose = true;
        return stream;
    }

    /** This side's end is gone: nothing more comes from it, and it takes nothing. */
    private void breakStream(GuestStream stream) {
        closeEnd(stream);
        if (!stream.sentClose) {
            stream.sentClose = true;
            writer.send(FrameType.BREAK, stream.number);
        }
        settle(stream);
    }

    private void settle(GuestStream stream) {
        if (stream.isOver()) {
            free(stream);
        } else {
            watch(stream);
        }
    }

    private void free(GuestStream stream) {
        closeEnd(stream);
        stream.kind = GuestStream.Kind.FREE;
    }

    /** Closing a descriptor ends its being watched. */
    private void closeEnd(GuestStream stream) {
        Kernel.close(stream.fd);
        stream.fd = -1;
        forgetPending(stream);
    }

    private void forgetPending(GuestStream stream) {
        StreamRing ring = stream.pending;
        if (ring != null) {
            stream.pending = null;
            rings.giveBack(ring);
        }
    }

    /** Tells the kernel what of the stream matters now; a system call only where that changed. */
    private void watch(GuestStream stream) {
        boolean reads = !stream.sentClose && stream.credit > 0 && !paused;
        int interest = (reads ? ReadySet.IN : 0) | (stream.hasPending() ? ReadySet.OUT : 0);
        if (stream.fd < 0 || interest == stream.interest || stream.kind == GuestStream.Kind.CONNECTING) {
            return;
        }
        long key = keyBase | stream.number;
        if (interest == 0) {
            ready.remove(stream.fd); // a broken one would be told for ever
        } else if (stream.interest == 0) {
            Kernel.check(ready.add(stream.fd, interest, key), "epoll_ctl");
        } else {
            ready.change(stream.fd, interest, key);
        }
        stream.interest = interest;
    }

    /** Stops or goes on reading for the guest. */
    void setPaused(boolean pausing) {
        paused = pausing;
        for (GuestStream stream : streams) {
            if (!stream.isFree() && stream.kind != GuestStream.Kind.CONNECTING) {
                if (!pausing && stream.taken > 0) {
                    acknowledge(stream, 0);
                }
                watch(stream);
            }
        }
    }

    /** Ends the streams that the guest does not know any more. */
    void forgetConnections() {
        for (GuestStream stream : streams) {
            if (stream.kind == GuestStream.Kind.OUTPUT) {
                forgetPending(stream);
                stream.allowed = Frames.WINDOW_BYTES;
                stream.taken = 0;
                watch(stream);
            } else if (!stream.isFree()) {
                end(stream);
            }
        }
    }

    /** The guest says that it has ended all streams; what was asked for since then it has not heard of yet. */
    void onReset() {
        for (GuestStream stream : streams) {
            if (!stream.isFree() && stream.kind != GuestStream.Kind.CONNECTING) {
                if (!stream.gotClose && stream.kind == GuestStream.Kind.CONNECTION) {
                    throw new GuestFault("stream " + stream.number + " is open after a reset");
                }
                end(stream);
            }
        }
    }

    void closeAll() {
        for (GuestStream stream : streams) {
            if (!stream.isFree()) {
                end(stream);
            }
        }
    }

    private void end(GuestStream stream) {
        @Nullable IntConsumer asking = stream.connected;
        Kernel.close(asking == null ? -1 : stream.theirFd);
        free(stream);
        answer(stream, -ECONNRESET);
    }
}
