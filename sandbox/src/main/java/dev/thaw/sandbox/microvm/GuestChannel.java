package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.Kernel;
import java.security.SecureRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one guest: what is asked of its init, and this side's sockets and pipes of what runs in it.
 *
 * <p>Threading: safe on any thread; every method returns at once, and what it asks for happens on the thread of
 * {@link GuestChannels}, in order. After {@link #close} nothing does.
 */
final class GuestChannel implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final GuestChannels channels;
    private final String path;
    private @Nullable RunEnds ends;
    private volatile @Nullable GuestLink link;
    private volatile long peakMemoryBytes = -1;
    private volatile long oomKills = -1;

    /** {@code path} is where its socket is to be. */
    GuestChannel(GuestChannels channels, String path) {
        this.channels = channels;
        this.path = path;
        this.ends = RunEnds.open(path);
    }

    /** On the channels' thread. */
    void join(GuestLink joined) {
        link = joined;
    }

    private void post(Consumer<GuestLink> action) {
        channels.execute(() -> {
            GuestLink target = link;
            if (target != null && !target.isClosed()) {
                channels.guarded(target, () -> action.accept(target));
            }
        });
    }

    private void send(FrameType type) {
        post(target -> target.send(Commands.of(type)));
    }

    /** Sets a booted guest's clock and gives it entropy of its own. The first thing that it hears. */
    void hello(long epochNs) {
        byte[] frame = Commands.clockAndEntropy(FrameType.HELLO, epochNs, entropy());
        post(target -> target.send(frame));
    }

    private static byte[] entropy() {
        byte[] entropy = new byte[Frames.ENTROPY_BYTES];
        RANDOM.nextBytes(entropy);
        return entropy;
    }

    /** Says what the guest is to be; once. Answered by {@code onPrepared} or {@code onPrepareFailed}. */
    void prepare(GuestSpec spec) {
        byte[] frames = Commands.prepare(spec);
        post(target -> target.prepare(frames, spec.runtimeIndex() + 1));
    }

    /** Starts the extensions, or the runtime where there are none. */
    void start() {
        send(FrameType.START);
    }

    void startRuntime() {
        send(FrameType.START_RUNTIME);
    }

    void terminateRuntime() {
        send(FrameType.TERMINATE_RUNTIME);
    }

    void killRuntime() {
        send(FrameType.KILL_RUNTIME);
    }

    /** Ends the outputs of a run that is over before it began: the guest has nothing to say of it. */
    void endOutputs() {
        post(GuestLink::endOutputs);
    }

    /** Kills every process but init. */
    void kill() {
        send(FrameType.KILL);
    }

    void exhaustMemory() {
        send(FrameType.EXHAUST_MEMORY);
    }

    /** Kills every process, keeps {@code /tmp}. Answered by {@code onReset}, and by no {@code onExited}. */
    void reset() {
        post(GuestLink::reset);
    }

    /** As {@link dev.thaw.sandbox.Sandbox#connectInside}. */
    void connectInside(int port, IntConsumer connected) {
        channels.execute(() -> {
            GuestLink target = link;
            if (target == null || target.isClosed()) {
                connected.accept(-Kernel.ESRCH);
            } else {
                channels.guarded(target, () -> target.connect(port, connected));
            }
        });
    }

    /** Makes the guest forget this host, for a snapshot of it. Answered by {@code onCheckpointed}. */
    void checkpoint() {
        post(GuestLink::checkpoint);
    }

    /**
     * Tells a guest that was a snapshot that it is one no more: the right time, entropy of its own, and that its waiting
     * requests are to be asked again. The first thing that it hears. {@code processCount}: extensions and the runtime.
     */
    void restored(long epochNs, int processCount) {
        byte[] frame = Commands.clockAndEntropy(FrameType.RESTORED, epochNs, entropy());
        post(target -> target.restored(frame, processCount));
    }

    /** For a machine whose time stood still. */
    void setClock(long epochNs) {
        byte[] frame = Commands.clock(epochNs);
        post(target -> target.send(frame));
    }

    void powerOff() {
        send(FrameType.POWER_OFF);
    }

    /** Listening socket that the guest's connections arrive at: a local one, not of a network. The caller owns it. */
    synchronized int takeRuntimeApiFd() {
        return ends == null ? -1 : ends.takeApiFd();
    }

    /** Non-blocking read end of what the runtime writes. The caller owns it. */
    synchronized int takeOutputFd() {
        return ends == null ? -1 : ends.takeOutputFd();
    }

    synchronized int takeExtensionOutputFd() {
        return ends == null ? -1 : ends.takeExtensionOutputFd();
    }

    synchronized int takeOutputWriteFd() {
        return ends == null ? -1 : ends.takeOutputWriteFd();
    }

    synchronized int takeExtensionOutputWriteFd() {
        return ends == null ? -1 : ends.takeExtensionOutputWriteFd();
    }

    /** A connection to whoever serves, or a negated errno. */
    synchronized long connect() {
        return ends == null ? -Kernel.ESRCH : ends.connect();
    }

    /** New sockets and pipes for the next run. */
    synchronized void renewEnds() {
        closeEnds();
        ends = RunEnds.open(path);
    }

    synchronized void closeEnds() {
        if (ends != null) {
            ends.close();
            ends = null;
        }
    }

    /** False once it is closed. */
    synchronized boolean isOpen() {
        return ends != null;
    }

    void setStats(long peakBytes, long kills) {
        peakMemoryBytes = Math.max(0, peakBytes);
        oomKills = Math.max(0, kills);
    }

    /** Most memory that the function ever held, as of the last answer; -1 where that is not known. */
    long peakMemoryBytes() {
        return peakMemoryBytes;
    }

    /** How many of its processes were killed for memory; -1 where that is not known. */
    long oomKills() {
        return oomKills;
    }

    /** Closes all that is open for the guest. Nothing is told of it afterwards. */
    @Override
    public void close() {
        channels.close(this);
    }

    @Nullable
    GuestLink link() {
        return link;
    }
}
