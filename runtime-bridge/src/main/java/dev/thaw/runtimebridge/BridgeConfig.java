package dev.thaw.runtimebridge;

import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the bridge.
 *
 * @param logDirectory holds {@code <function>/<YYYY-MM-DD>-<environment>.log}, of a log group of its own {@code group=<name>/..}
 * @param credentials AWS variables given to every function, such as {@code AWS_ACCESS_KEY_ID}; dummies where empty
 * @param faults injected on purpose
 */
public record BridgeConfig(Path logDirectory, Map<String, String> credentials, FaultPlan faults) {
    public BridgeConfig {
        credentials = Map.copyOf(credentials);
    }

    /** Without faults. */
    public BridgeConfig(Path logDirectory, Map<String, String> credentials) {
        this(logDirectory, credentials, FaultPlan.NONE);
    }
}
