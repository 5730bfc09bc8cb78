package dev.thaw.runtimebridge;

import java.nio.file.Path;
import java.util.Map;

/**
 * Settings of the bridge.
 *
 * @param logDirectory holds {@code <function>/<YYYY-MM-DD>-<environment>.log}
 * @param credentials AWS variables given to every function, such as {@code AWS_ACCESS_KEY_ID}; dummies where empty
 */
public record BridgeConfig(Path logDirectory, Map<String, String> credentials) {
    public BridgeConfig {
        credentials = Map.copyOf(credentials);
    }
}
