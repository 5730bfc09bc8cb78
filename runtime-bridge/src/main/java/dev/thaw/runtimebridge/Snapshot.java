package dev.thaw.runtimebridge;

import java.nio.file.Path;
import java.util.List;

/**
 * An initialised environment of a version that others go on from.
 *
 * @param folder what the backend keeps of it
 * @param extensions those that had registered in it: they know themselves by the ids that they were given
 * @param subscriptions what these had asked for of telemetry
 */
public record Snapshot(Path folder, List<Registration> extensions, List<Subscription> subscriptions) {
    public Snapshot {
        extensions = List.copyOf(extensions);
        subscriptions = List.copyOf(subscriptions);
    }

    /** An extension that had registered. */
    record Registration(String name, String id, boolean wantsInvoke, boolean wantsShutdown) {}

    /** What one of them had asked for, in its words. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Subscription(String extension, TelemetryApi api, byte[] body) {}
}
