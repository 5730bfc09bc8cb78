package dev.thaw.runtimebridge;

/**
 * Takes batches to one subscriber, one at a time.
 *
 * <p>Threading: one event loop.
 */
interface TelemetryCarrier {
    /** What became of a batch; exactly one call for each {@link #send}, unless it was closed meanwhile. */
    interface Listener {
        void onDelivered();

        /** The subscriber answered that it does not want it. */
        void onRefused(String reason);

        /** There was no connection, or it ended before an answer. */
        void onUnreachable(String reason);
    }

    void send(byte[] batch, Listener listener);

    /** Nothing is sent any more. */
    void close();
}
