package dev.thaw.scheduler.live;

/**
 * The bandwidth of one streamed response: the first {@link #BURST_BYTES} are free, whatever follows passes at
 * {@link #RATE_BYTES_PER_SEC} (contract.md section 9, section 19 C7). The first part beyond the burst pays for its share
 * of the excess alone. Time that a slow function leaves unused is lost but for {@link #CREDIT_NS}, which makes up for
 * late timers.
 *
 * <p>Threading: none; time is an argument.
 */
final class ResponsePacer {
    static final long BURST_BYTES = 6L << 20;
    static final long RATE_BYTES_PER_SEC = 2L << 20;
    static final long CREDIT_NS = 125_000_000L;

    private static final long NS_PER_SEC = 1_000_000_000L;

    private long passedBytes;
    private boolean throttled;
    /** When everything that was taken so far has been paid for. */
    private long paidNs;

    /** Takes the next {@code bytes}; returns how long they must wait: 0 or more ns. */
    long take(int bytes, long nowNs) {
        long excessBytes = Math.min(bytes, passedBytes + bytes - BURST_BYTES);
        passedBytes += bytes;
        if (excessBytes <= 0) {
            return 0;
        }
        long fromNs = throttled ? Math.max(paidNs, nowNs - CREDIT_NS) : nowNs;
        throttled = true;
        paidNs = fromNs + excessBytes * NS_PER_SEC / RATE_BYTES_PER_SEC;
        return Math.max(0, paidNs - nowNs);
    }
}
