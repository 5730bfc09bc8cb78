package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.LoopWork;
import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.ReadySet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The channels of all guests of a backend, moved by one thread at a time. Guests take turns, a bounded piece of work
 * each; what one of them does not take, or sends in spite, stays its own trouble.
 *
 * <p>Threading: safe on any thread but for {@link LoopWork}. The channels' thread does the work and calls all listeners:
 * {@code guest-channel}, or the event loop that has taken it. Once warm it allocates nothing for the bytes of streams.
 */
final class GuestChannels implements LoopWork, AutoCloseable {
    private static final String THREAD = "guest-channel";
    private static final int BUFFER_BYTES = 2 * (Frames.HEADER_BYTES + Frames.PAYLOAD_BYTES_MAX);
    private static final int KEY_BITS = 8;
    private static final long WAKE_KEY = -1;
    private static final int CLOSE_BOUND_SEC = 10;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final ReadySet ready = new ReadySet();
    private final StreamRings rings = new StreamRings(arena);
    private final GuestArrivals arrivals = new GuestArrivals(this, ready, WAKE_KEY - 1);
    private final List<@Nullable GuestLink> links = new ArrayList<>();
    private final BitSet used = new BitSet();
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final int wakeFd = Kernel.eventFd();
    private final int folderFd;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private Thread own;
    /** Who is at work now; in between nobody. */
    private volatile @Nullable Thread working;

    private int nextSocket;
    private volatile boolean stopping;
    /** An event loop has it. */
    private volatile boolean taken;

    private boolean ending;
    private boolean closed;

    /** {@code folder} is for sockets: it is made where it is missing, and only its owner may enter it. */
    GuestChannels(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException unusable) {
            throw new UncheckedIOException("folder for guests' sockets: " + folder, unusable);
        }
        folderFd = (int) Kernel.check(Kernel.open(folder.toString(), Kernel.O_DIRECTORY), "open " + folder);
        Kernel.check(ready.add(wakeFd, ReadySet.IN, WAKE_KEY), "epoll_ctl");
        own = startOwn();
    }

    private Thread startOwn() {
        Thread thread = new Thread(this::work, THREAD);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Opens the channel of a guest whose machine has the other end of {@code fd}, a stream socket, which is the channel's
     * own from now on. The guest is awaited: it has not booted, or {@link GuestChannel#restored} is called next.
     */
    GuestChannel open(int fd, GuestEvents events) {
        GuestChannel guest;
        try {
            Kernel.check(Kernel.setNonBlocking(fd), "make a channel non-blocking");
            guest = new GuestChannel(this, socketPath());
        } catch (RuntimeException failure) {
            Kernel.close(fd);
            throw failure;
        }
        execute(() -> join(fd, guest, events));
        return guest;
    }

    /** The channel of a guest that will connect by itself: {@link #await} says where. */
    GuestChannel expect() {
        return new GuestChannel(this, socketPath());
    }

    /**
     * The first connection that comes to a listening socket is the channel of a guest; there is no second. The socket is
     * the channels' own from now on.
     */
    void await(GuestChannel guest, int listeningFd, GuestEvents events) {
        execute(() -> arrivals.await(guest, listeningFd, events));
    }

    /** By way of the folder's descriptor: a socket's path is short, the folder's may not be. */
    private synchronized String socketPath() {
        return "/proc/self/fd/" + folderFd + "/" + nextSocket++;
    }

    /** On this thread. */
    void join(int fd, GuestChannel guest, GuestEvents events) {
        int slot = used.nextClearBit(0);
        used.set(slot);
        if (slot == links.size()) {
            links.add(null);
        }
        GuestLink link = new GuestLink(fd, (long) slot << KEY_BITS, guest, events, ready, rings);
        links.set(slot, link);
        guest.join(link);
    }

    void close(GuestChannel guest) {
        execute(() -> {
            arrivals.forget(guest);
            GuestLink link = guest.link();
            if (link == null) {
                guest.closeEnds();
            } else {
                link.close();
                forget(link);
            }
        });
    }

    /** Runs on the thread of the channels, after what was asked before; not at all once they are closed. */
    void execute(Runnable action) {
        posted.add(action);
        if (Thread.currentThread() != working) {
            wake();
        }
    }

    /** Under the lock: once closed, the descriptor's number may be another's. */
    private synchronized void wake() {
        if (!closed) {
            Kernel.write(wakeFd, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        }
    }

    private void work() {
        while (!stopping && !taken) {
            serve(ready.await());
        }
        if (mayEnd()) {
            end();
        }
    }

    private synchronized boolean mayEnd() {
        ending = !taken;
        return ending;
    }

    /** So many are ready. */
    private void serve(int count) {
        working = Thread.currentThread();
        try {
            for (int i = 0; i < count; i++) {
                serve(ready.key(i), ready.events(i));
            }
            runPosted();
        } finally {
            working = null;
        }
    }

    private void serve(long key, int events) {
        if (key == WAKE_KEY) {
            Kernel.read(wakeFd, buffer.address(), Long.BYTES);
        } else if (key < WAKE_KEY) {
            BackendThreads.guard(() -> arrivals.onReady(key)).run();
        } else {
            onReady(key, events);
        }
    }

    private void end() {
        for (GuestLink link : links) {
            if (link != null) {
                link.close();
            }
        }
        arrivals.close();
        closeOwn();
        ended.complete(null);
    }

    @Override
    public int fd() {
        return ready.fd();
    }

    @Override
    public boolean take() {
        synchronized (this) {
            if (ending) {
                return false;
            }
            taken = true;
        }
        wake();
        BackendThreads.joinUninterrupted(own);
        return true;
    }

    @Override
    public boolean run() {
        serve(ready.poll());
        return !stopping;
    }

    @Override
    public void giveBack() {
        taken = false;
        own = startOwn();
    }

    private synchronized void closeOwn() {
        closed = true;
        Kernel.close(wakeFd);
        Kernel.close(folderFd);
        ready.close();
        arena.close();
    }

    private void runPosted() {
        for (Runnable action = posted.poll(); action != null; action = posted.poll()) {
            BackendThreads.guard(action).run();
        }
    }

    private void onReady(long key, int events) {
        GuestLink link = links.get((int) (key >> KEY_BITS));
        if (link == null) {
            return; // closed by an event before this one
        }
        try {
            link.onReady((int) key & ((1 << KEY_BITS) - 1), events, buffer);
        } catch (RuntimeException | Error failure) {
            fail(link, failure);
        }
        if (link.isClosed()) {
            forget(link);
        }
    }

    /** Does something for a guest; a failure is that guest's end. */
    void guarded(GuestLink link, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error failure) {
            fail(link, failure);
        }
        if (link.isClosed()) {
            forget(link);
        }
    }

    /** What a guest did is told; what a bug did goes to the thread's handler as well. */
    private static void fail(GuestLink link, Throwable failure) {
        BackendThreads.guard(() -> link.lose(String.valueOf(failure.getMessage())))
                .run();
        if (!(failure instanceof GuestFault)) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
        }
    }

    private void forget(GuestLink link) {
        int slot = (int) (link.keyBase() >> KEY_BITS);
        if (links.get(slot) == link) {
            links.set(slot, null);
            used.clear(slot);
        }
    }

    /** Closes all channels; an event loop that has them and hangs keeps them. */
    @Override
    public void close() {
        stopping = true;
        wake();
        ended.copy().completeOnTimeout(null, CLOSE_BOUND_SEC, TimeUnit.SECONDS).join();
    }
}
