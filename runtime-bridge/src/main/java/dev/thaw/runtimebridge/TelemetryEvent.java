package dev.thaw.runtimebridge;

import org.jspecify.annotations.Nullable;

/** One event, as it is sent. Immutable, as long as nobody writes to its bytes. */
final class TelemetryEvent {
    private final TelemetryType type;
    private final @Nullable TelemetryApi only;
    private final byte[] json;

    /**
     * @param type who asks for this type gets it
     * @param only the API that knows such events; null where both do
     * @param json {@code {"time":..,"type":..,"record":..}} in UTF-8
     */
    TelemetryEvent(TelemetryType type, @Nullable TelemetryApi only, byte[] json) {
        this.type = type;
        this.only = only;
        this.json = json;
    }

    byte[] json() {
        return json;
    }

    boolean isFor(TelemetrySubscription subscription) {
        return subscription.types().contains(type) && (only == null || only == subscription.api());
    }
}
