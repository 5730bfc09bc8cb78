package dev.thaw.results;

/** Published price of a GB-second by architecture (first tier, us-east-1), and of requests. */
enum PriceList {
    X86_64("x86_64", 0.0000166667),
    ARM64("arm64", 0.0000133334);

    static final double USD_PER_MILLION_REQUESTS = 0.20;
    private static final double MILLION = 1e6;

    final String key;
    final double usdPerGbSecond;

    PriceList(String key, double usdPerGbSecond) {
        this.key = key;
        this.usdPerGbSecond = usdPerGbSecond;
    }

    double usd(double gbSeconds) {
        return gbSeconds * usdPerGbSecond;
    }

    static double requestsUsd(long requests) {
        return requests * USD_PER_MILLION_REQUESTS / MILLION;
    }
}
