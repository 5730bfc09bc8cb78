package dev.thaw.results;

/** Waits for a thread to end even where the waiting one is interrupted, and keeps the interrupt for later. */
final class Uninterruptible {
    private Uninterruptible() {}

    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
