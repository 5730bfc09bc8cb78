package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.EpochClock;

/**
 * Words what we have to say in a log and the service has no line for, in the log's format; as JSON in the events of the
 * older Logs API and of the Telemetry API that come nearest. Threading: the log thread.
 */
record PlatformNotes(boolean json, EpochClock clock) {
    private static final String FAULT = "platform.fault";
    private static final String TOO_FAST = "more was written than is read";

    /** A line. */
    String of(String note) {
        return json ? line(TelemetryWriter.line(clock.time(), FAULT, "thaw: " + note)) : "thaw: " + note + "\n";
    }

    String outputDropped(long bytes, long lines) {
        return json
                ? line(TelemetryEvents.logsDropped(clock.time(), bytes, lines, TOO_FAST)
                        .json())
                : of(bytes + " bytes in " + lines + " lines of output were dropped");
    }

    private static String line(byte[] event) {
        return new String(event, StandardCharsets.UTF_8) + "\n";
    }
}
