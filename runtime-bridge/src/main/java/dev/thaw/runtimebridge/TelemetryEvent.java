package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.LoggingConfig.Level;
import org.jspecify.annotations.Nullable;

/** One event, as it is sent. Immutable, as long as nobody writes to its bytes. */
final class TelemetryEvent {
    private final TelemetryType type;
    private final @Nullable TelemetryApi only;
    private final Level level;
    private final byte[] json;

    /**
     * @param type who asks for this type gets it
     * @param only the API that knows such events; null where both do
     * @param level what a log in JSON must ask for to have it as a line
     * @param json {@code {"time":..,"type":..,"record":..}} in UTF-8
     */
    TelemetryEvent(TelemetryType type, @Nullable TelemetryApi only, Level level, byte[] json) {
        this.type = type;
        this.only = only;
        this.level = level;
        this.json = json;
    }

    byte[] json() {
        return json;
    }

    /** Whether a log in JSON that starts at {@code least} has it as a line; the older API's own events have none. */
    boolean isLogged(Level least) {
        return type == TelemetryType.PLATFORM && only != TelemetryApi.LOGS && level.compareTo(least) >= 0;
    }

    boolean isFor(TelemetrySubscription subscription) {
        return subscription.types().contains(type) && (only == null || only == subscription.api());
    }
}
