package dev.thaw.runtimebridge;

import java.util.Arrays;

/** The two APIs that stream telemetry to extensions: the newer one, and the older one that it replaced (wire.md W3). */
enum TelemetryApi {
    TELEMETRY("Telemetry", "platform.telemetrySubscription", "2022-07-01, 2022-12-13, 2025-01-29"),
    LOGS("Logs", "platform.logsSubscription", "2020-08-15, 2021-03-18");

    final String title;
    /** What a subscriber is told first. */
    final String subscriptionEvent;

    /** What a subscription may name, as a refusal lists it. */
    final String schemaVersions;

    TelemetryApi(String title, String subscriptionEvent, String schemaVersions) {
        this.title = title;
        this.subscriptionEvent = subscriptionEvent;
        this.schemaVersions = schemaVersions;
    }

    boolean knows(String schemaVersion) {
        return Arrays.asList(schemaVersions.split(", ")).contains(schemaVersion);
    }
}
