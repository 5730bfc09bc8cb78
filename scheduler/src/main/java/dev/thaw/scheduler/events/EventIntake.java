package dev.thaw.scheduler.events;

/**
 * Takes events for asynchronous invocation.
 *
 * <p>Threading: safe on any thread; never blocks.
 */
@FunctionalInterface
public interface EventIntake {
    /** Of a server that takes no events. */
    EventIntake NONE = (event, receipt) -> receipt.onReceipt(Acceptance.ENDED);

    /** Tells the receipt once the event is durable, or refused; exactly once, on any thread, maybe before this returns. */
    void accept(FunctionEvent event, Receipt receipt);

    /** Told what became of an event that was offered. */
    @FunctionalInterface
    interface Receipt {
        void onReceipt(Acceptance acceptance);
    }

    /** What became of an event that was offered. */
    enum Acceptance {
        /** It is on disk and will run, or reach its failure target. */
        STORED,
        /** As many events, or bytes of them, wait as may. */
        QUEUE_FULL,
        /** The disk did not take it. */
        STORE_FAILED,
        /** The server is shutting down, or takes no events at all. */
        ENDED
    }
}
