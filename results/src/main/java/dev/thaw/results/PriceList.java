package dev.thaw.results;

import org.jspecify.annotations.Nullable;

/** Published price of a GB-second by architecture (first tier, us-east-1), and of requests. */
public enum PriceList {
    X86_64("x86_64", 0.0000166667),
    ARM64("arm64", 0.0000133334);

    public static final double USD_PER_MILLION_REQUESTS = 0.20;
    private static final double MILLION = 1e6;

    final String key;
    final double usdPerGbSecond;

    PriceList(String key, double usdPerGbSecond) {
        this.key = key;
        this.usdPerGbSecond = usdPerGbSecond;
    }

    /** Null where no price of the architecture is known. */
    public static @Nullable PriceList of(String architecture) {
        for (PriceList each : values()) {
            if (each.key.equals(architecture)) {
                return each;
            }
        }
        return null;
    }

    public double usd(double gbSeconds) {
        return gbSeconds * usdPerGbSecond;
    }

    static double requestsUsd(long requests) {
        return requests * USD_PER_MILLION_REQUESTS / MILLION;
    }
}
