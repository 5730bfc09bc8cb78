package dev.thaw.sandbox.kernel;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of the backend: named, alive as long as it, and never ended by a failure. */
public final class BackendThreads {
    private BackendThreads() {}

    /** One thread with a queue; it lives until {@link #stop}. */
    public static ScheduledThreadPoolExecutor start(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        // A thread is the user that started it, and some threads of a backend are not the backend's user.
        boolean _ = executor.prestartCoreThread();
        return executor;
    }

    /** A failure is a bug, ours or the listener's: it goes to the thread's handler, the thread goes on. */
    public static Runnable guard(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error failure) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, failure);
            }
        };
    }

    /** Ends the thread after what is queued; one that hangs for a minute is left, a daemon. */
    public static void stop(ScheduledThreadPoolExecutor executor) {
        executor.shutdown();
        boolean interrupted = false;
        while (!executor.isTerminated()) {
            try {
                boolean _ = executor.awaitTermination(1, TimeUnit.MINUTES);
                break;
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        restore(interrupted);
    }

    public static void joinUninterrupted(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        restore(interrupted);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
