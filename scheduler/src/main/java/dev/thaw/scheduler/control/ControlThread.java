package dev.thaw.scheduler.control;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/**
 * The one thread {@code thaw-control}: whatever changes the control plane's state runs here, one task after the other.
 * Beside it are threads {@code thaw-prepare}, for what takes long and depends on no state, {@code thaw-snapshot},
 * where versions are initialised, and {@code thaw-clear}, for what nobody waits for.
 *
 * <p>Threading: {@link #offer}, {@link #later}, {@link #prepare} and {@link #clearUp} are safe on any thread; {@link #close} is for the
 * owner.
 */
public final class ControlThread implements AutoCloseable {
    /** Calls that may wait; more are refused. */
    public static final int DEFAULT_QUEUE_LENGTH = 4_096;

    /** Deployment packages that are unpacked at the same time: each is in memory. */
    private static final int PREPARING_THREADS = 2;

    private final BlockingQueue<Runnable> tasks;
    // What the plane owes itself, such as a deployment that is ready: never refused, and as few as there are functions.
    private final LinkedBlockingQueue<Runnable> own = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor preparing;
    private final ThreadPoolExecutor clearing;
    private final ThreadPoolExecutor snapshots;
    private final ErrorHandler errorHandler;
    private final Thread thread;
    private volatile boolean closing;

    public ControlThread(int queueLength, ErrorHandler errorHandler) {
        tasks = new ArrayBlockingQueue<>(queueLength);
        this.errorHandler = errorHandler;
        preparing = pool("thaw-prepare", PREPARING_THREADS, new ArrayBlockingQueue<>(queueLength));
        snapshots = pool("thaw-snapshot", 1, new LinkedBlockingQueue<>());
        clearing = pool("thaw-clear", 1, new LinkedBlockingQueue<>());
        thread = Thread.ofPlatform().name("thaw-control").daemon().unstarted(this::run);
        thread.start();
    }

    private static ThreadPoolExecutor pool(String name, int threads, BlockingQueue<Runnable> queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.SECONDS,
                queue,
                Thread.ofPlatform().name(name).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs the task after those before it; false where too many wait, or the thread is closing. */
    public boolean offer(Runnable task) {
        return !closing && tasks.offer(task);
    }

    /** Runs the task soon, before those that wait; nothing happens once the thread has closed. */
    public void later(Runnable task) {
        own.add(task);
        // A full queue wakes the thread anyway.
        tasks.offer(ControlThread::wake);
    }

    /** Runs the work after what came before it, and waits for what it says or throws. */
    public <T> T call(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        later(() -> {
            try {
                answer.complete(work.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Runs the task beside the thread; false where too many wait, or the thread is closing. */
    public boolean prepare(Runnable task) {
        try {
            preparing.execute(() -> runOne(task));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Runs the task some time, behind those before it; not where the thread has closed. */
    void clearUp(Runnable task) {
        try {
            clearing.execute(() -> runOne(task));
        } catch (RejectedExecutionException closed) {
            // The next server sweeps.
            assert clearing.isShutdown();
        }
    }

    /** Runs the task, which may take minutes, beside the thread, behind those before it; interrupted where that closes. */
    void takeSnapshot(Runnable task) {
        try {
            snapshots.execute(() -> runOne(task));
        } catch (RejectedExecutionException closed) {
            // The next server makes it.
            assert snapshots.isShutdown();
        }
    }

    /** Takes nothing more, finishes what was taken but for snapshots, and ends. */
    @Override
    public void close() {
        snapshots.shutdownNow();
        preparing.shutdown();
        boolean interrupted = false;
        while (!clearing.isTerminated()) {
            try {
                if (preparing.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
                    closing = true;
                    tasks.offer(ControlThread::wake);
                    thread.join();
                    clearing.shutdown();
                    boolean _ = clearing.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing || !tasks.isEmpty() || !own.isEmpty()) {
            try {
                Runnable task = tasks.take();
                runOwn();
                runOne(task);
            } catch (InterruptedException ignored) {
                // Nobody but close() ends this thread.
            }
        }
    }

    private static void wake() {}

    private void runOwn() {
        for (Runnable task = own.poll(); task != null; task = own.poll()) {
            runOne(task);
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // The thread is the only one of its kind: what fails one task must not end it.
            errorHandler.onError(e);
        }
    }
}
