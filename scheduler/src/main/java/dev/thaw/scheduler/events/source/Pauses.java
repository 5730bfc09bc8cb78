package dev.thaw.scheduler.events.source;

/** How the loop of a source passes time, so that tests need not. */
@FunctionalInterface
interface Pauses {
    void sleep(long ms) throws InterruptedException;
}
