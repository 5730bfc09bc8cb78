package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes one event, field by field, in the order in which they are given. Threading: one thread. */
final class TelemetryWriter {
    /** Always with milliseconds, which {@link Instant#toString} leaves out where there are none. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder();
    private boolean first;

    private TelemetryWriter() {}

    /** An event up to its record, which comes next. */
    static TelemetryWriter event(long epochMs, String type) {
        TelemetryWriter writer = new TelemetryWriter();
        return writer.open("{").time("time", epochMs).text("type", type).name("record");
    }

    /** An event whose record is one text. */
    static byte[] line(long epochMs, String type, String line) {
        return event(epochMs, type).quoted(line).end("}");
    }

    /** An event whose record is a JSON object already. */
    static byte[] object(long epochMs, String type, String json) {
        return event(epochMs, type).open(json).end("}");
    }

    TelemetryWriter open(String bracket) {
        out.append(bracket);
        first = true;
        return this;
    }

    TelemetryWriter close(String bracket) {
        out.append(bracket);
        first = false;
        return this;
    }

    byte[] end(String brackets) {
        return close(brackets).out.toString().getBytes(StandardCharsets.UTF_8);
    }

    TelemetryWriter name(String name) {
        comma();
        return quoted(name).colon();
    }

    /** Only where there is a value. */
    TelemetryWriter text(String name, @Nullable String value) {
        return value == null ? this : name(name).quoted(value);
    }

    TelemetryWriter number(String name, long value) {
        name(name).out.append(value);
        return this;
    }

    TelemetryWriter millis(String name, long ns) {
        LogLines.millis(name(name).out, ns);
        return this;
    }

    TelemetryWriter time(String name, long epochMs) {
        return text(name, TIME.format(Instant.ofEpochMilli(epochMs)));
    }

    TelemetryWriter element(String value) {
        comma();
        return quoted(value);
    }

    TelemetryWriter comma() {
        if (!first) {
            out.append(',');
        }
        first = false;
        return this;
    }

    private TelemetryWriter colon() {
        out.append(':');
        return this;
    }

    private TelemetryWriter quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            escape(text.charAt(i));
        }
        out.append('"');
        return this;
    }

    private void escape(char character) {
        switch (character) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (character < ' ') {
                    out.append(String.format("\\u%04x", (int) character));
                } else {
                    out.append(character);
                }
            }
        }
    }
}
