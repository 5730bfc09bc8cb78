package dev.thaw.results.cost;

import org.jspecify.annotations.Nullable;

/**
 * Published prices of a GB-second by architecture (first tier, us-east-1), and of requests. Provisioned concurrency has
 * two of its own: for being there, and, in place of the usual one, for what runs on it.
 */
public enum PriceList {
    X86_64("x86_64", 0.0000166667, 0.0000041667, 0.0000097222),
    ARM64("arm64", 0.0000133334, 0.0000033334, 0.0000077778);

    public static final double USD_PER_MILLION_REQUESTS = 0.20;
    private static final double MILLION = 1e6;

    private final String key;
    private final double usdPerGbSecond;
    private final double usdPerProvisionedGbSecond;
    private final double usdPerGbSecondOnProvisioned;

    PriceList(String key, double usdPerGbSecond, double usdPerProvisionedGbSecond, double usdPerGbSecondOnProvisioned) {
        this.key = key;
        this.usdPerGbSecond = usdPerGbSecond;
        this.usdPerProvisionedGbSecond = usdPerProvisionedGbSecond;
        this.usdPerGbSecondOnProvisioned = usdPerGbSecondOnProvisioned;
    }

    /** The architecture's name. */
    public String key() {
        return key;
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

    public double usdPerGbSecond() {
        return usdPerGbSecond;
    }

    public double usd(double gbSeconds) {
        return gbSeconds * usdPerGbSecond;
    }

    /** Provisioned concurrency: memory that it held, used or not, and what ran on it. */
    public double provisionedUsd(double heldGbSeconds, double ranGbSeconds) {
        return heldGbSeconds * usdPerProvisionedGbSecond + ranGbSeconds * usdPerGbSecondOnProvisioned;
    }

    public static double requestsUsd(long requests) {
        return requests * USD_PER_MILLION_REQUESTS / MILLION;
    }
}
