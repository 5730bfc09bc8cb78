package dev.thaw.runtimebridge;

import java.util.Set;

/**
 * What an extension asked for (wire.md W3, contract.md section 18).
 *
 * @param maxItems most events of a batch
 * @param maxBytes most bytes of a batch
 * @param timeoutMs how long an event may wait for its batch
 */
record TelemetrySubscription(
        TelemetryApi api,
        Set<TelemetryType> types,
        Destination destination,
        int maxItems,
        int maxBytes,
        int timeoutMs) {
    TelemetrySubscription {
        types = Set.copyOf(types);
    }

    /**
     * Where events go, inside the sandbox.
     *
     * @param request the first line and the host of each HTTP request; empty for TCP, which takes one event a line
     */
    record Destination(int port, String request) {
        boolean isHttp() {
            return !request.isEmpty();
        }
    }
}
