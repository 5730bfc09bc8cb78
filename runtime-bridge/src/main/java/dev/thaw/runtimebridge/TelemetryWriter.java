package dev.thaw.runtimebridge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.AsciiEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Writes one event, field by field, in the order in which they are given, as bytes: a subscriber costs each invocation
 * some four of them. Threading: one thread.
 */
final class TelemetryWriter {
    private static final int USUAL_BYTES = 512;

    private byte[] out = new byte[USUAL_BYTES];
    private int length;
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
        first = true;
        return raw(bracket);
    }

    TelemetryWriter close(String bracket) {
        first = false;
        return raw(bracket);
    }

    byte[] end(String brackets) {
        close(brackets);
        return Arrays.copyOf(out, length);
    }

    TelemetryWriter name(String name) {
        comma();
        return quoted(name).raw(':');
    }

    /** Only where there is a value. */
    TelemetryWriter text(String name, @Nullable String value) {
        return value == null ? this : name(name).quoted(value);
    }

    TelemetryWriter number(String name, long value) {
        return name(name).digits(value);
    }

    /** Two decimals, rounded half up, as in the log's lines. */
    TelemetryWriter millis(String name, long ns) {
        long hundredths = LogLines.hundredthsOfMs(ns);
        int fraction = (int) (hundredths % 100);
        return name(name)
                .digits(hundredths / 100)
                .raw('.')
                .raw((char) ('0' + fraction / 10))
                .raw((char) ('0' + fraction % 10));
    }

    TelemetryWriter time(String name, long epochMs) {
        name(name).raw('"');
        reserve(EventTime.LENGTH);
        EventTime.write(epochMs, out, length);
        length += EventTime.LENGTH;
        return raw('"');
    }

    TelemetryWriter element(String value) {
        comma();
        return quoted(value);
    }

    TelemetryWriter comma() {
        if (!first) {
            raw(',');
        }
        first = false;
        return this;
    }

    /** Not negative. */
    private TelemetryWriter digits(long value) {
        int digits = AsciiEncoding.digitCount(value);
        reserve(digits);
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            out[length + i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    private TelemetryWriter quoted(String text) {
        raw('"');
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~' || character == '"' || character == '\\') {
                escaped(text, i);
                return raw('"');
            }
            out[length++] = (byte) character;
        }
        return raw('"');
    }

    /** The rest of a text, from a character on that does not stand for itself. */
    private void escaped(String text, int from) {
        StringBuilder rest = new StringBuilder(text.length() - from + Integer.SIZE);
        for (int i = from; i < text.length(); i++) {
            escape(text.charAt(i), rest);
        }
        TelemetryWriter _ = raw(rest.toString());
    }

    private static void escape(char character, StringBuilder to) {
        switch (character) {
            case '"' -> to.append("\\\"");
            case '\\' -> to.append("\\\\");
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                if (character < ' ') {
                    to.append(String.format("\\u%04x", (int) character));
                } else {
                    to.append(character);
                }
            }
        }
    }

    private TelemetryWriter raw(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reserve(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
        return this;
    }

    private TelemetryWriter raw(char ascii) {
        reserve(1);
        out[length++] = (byte) ascii;
        return this;
    }

    private void reserve(int bytes) {
        if (length + bytes > out.length) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, length + bytes));
        }
    }
}
