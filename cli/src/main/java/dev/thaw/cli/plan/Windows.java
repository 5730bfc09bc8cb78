package dev.thaw.cli.plan;

/**
 * Equal parts of a trace's time. What is later belongs to the last one.
 *
 * @param ns how long each is
 */
record Windows(int count, long ns) {
    private static final double NS_PER_S = 1e9;

    static Windows of(int count, long durationNs) {
        return new Windows(count, Math.max(1, Math.ceilDiv(durationNs, count)));
    }

    int at(long atNs) {
        return (int) Math.min(count - 1, atNs / ns);
    }

    boolean isOver(int window, long nowNs) {
        return window < count - 1 && nowNs > (window + 1) * ns;
    }

    double seconds() {
        return ns / NS_PER_S;
    }
}
