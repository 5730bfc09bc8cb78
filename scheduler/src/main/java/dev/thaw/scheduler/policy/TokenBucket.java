package dev.thaw.scheduler.policy;

/** Tokens that come back one by one, evenly, up to a bound; full at first. Time is an argument, in any epoch. */
final class TokenBucket {
    private final int bound;
    private final long nsPerToken;
    private int tokens;
    /** When the tokens were last counted; the part of a token that has come since then still counts from here. */
    private long countedNs;

    TokenBucket(int bound, long nsPerToken) {
        this.bound = bound;
        this.nsPerToken = nsPerToken;
        tokens = bound;
    }

    boolean hasOne(long nowNs) {
        refill(nowNs);
        return tokens > 0;
    }

    void take(long nowNs) {
        refill(nowNs);
        tokens--;
    }

    private void refill(long nowNs) {
        long came = tokens == bound ? 0 : (nowNs - countedNs) / nsPerToken;
        if (tokens + came >= bound) {
            tokens = bound;
            countedNs = nowNs;
        } else {
            tokens += (int) came;
            countedNs += came * nsPerToken;
        }
    }
}
