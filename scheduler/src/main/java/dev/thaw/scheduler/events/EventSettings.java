package dev.thaw.scheduler.events;

import org.jspecify.annotations.Nullable;

/**
 * What the owner of a function, version or alias configured for its asynchronous invocations (contract.md section 6.2).
 *
 * @param maxRetries after a function error: 0..2
 * @param maxAgeSec 60..21,600
 * @param onSuccess ARN of the destination, or null
 * @param onFailure ARN of the destination, or null
 * @param deadLetterTarget ARN of the dead-letter queue or topic, or null
 * @param switchedOff the function's reserved concurrency is 0
 */
public record EventSettings(
        int maxRetries,
        int maxAgeSec,
        @Nullable String onSuccess,
        @Nullable String onFailure,
        @Nullable String deadLetterTarget,
        boolean switchedOff) {
    public static final int DEFAULT_MAX_RETRIES = 2;
    public static final int DEFAULT_MAX_AGE_SEC = 21_600;
    public static final int MIN_AGE_SEC = 60;

    /** Two retries, six hours, no targets. */
    public static final EventSettings DEFAULT =
            new EventSettings(DEFAULT_MAX_RETRIES, DEFAULT_MAX_AGE_SEC, null, null, null, false);

    public EventSettings {
        requireBetween("MaximumRetryAttempts", maxRetries, 0, DEFAULT_MAX_RETRIES);
        requireBetween("MaximumEventAgeInSeconds", maxAgeSec, MIN_AGE_SEC, DEFAULT_MAX_AGE_SEC);
    }

    private static void requireBetween(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + ", must be " + least + ".." + most);
        }
    }

    long maxAgeMs() {
        return maxAgeSec * 1_000L;
    }

    /**
     * Where settings are looked up, at each attempt anew.
     *
     * <p>Threading: called on {@code thaw-events}; must not block.
     */
    @FunctionalInterface
    public interface Source {
        /** Those of the function, version or alias of this ARN; {@link #DEFAULT} where nothing is configured or known. */
        EventSettings settingsOf(String functionArn);
    }
}
