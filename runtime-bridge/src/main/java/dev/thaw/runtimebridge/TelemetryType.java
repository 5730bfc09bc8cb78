package dev.thaw.runtimebridge;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a subscriber may ask for: events of the platform, lines of the function, lines of extensions. */
enum TelemetryType {
    PLATFORM,
    FUNCTION,
    EXTENSION;

    final String key = name().toLowerCase(Locale.ROOT);

    static @Nullable TelemetryType of(String key) {
        for (TelemetryType type : values()) {
            if (type.key.equals(key)) {
                return type;
            }
        }
        return null;
    }
}
