package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Both sides of the channel have the same numbers. */
final class FrameProtocolTest {
    private static final Pattern CONSTANT = Pattern.compile("^\\s+([A-Z_]+) = (\\d+),", Pattern.MULTILINE);

    @Test
    void shouldHaveTheNumbersOfTheGuest() throws IOException {
        Map<String, Integer> expected = new TreeMap<>(Map.of(
                "FRAME_VERSION", Frames.VERSION,
                "FRAME_HEADER_BYTES", Frames.HEADER_BYTES,
                "FRAME_PAYLOAD_BYTES_MAX", Frames.PAYLOAD_BYTES_MAX,
                "STREAM_WINDOW_BYTES", Frames.WINDOW_BYTES,
                "STREAM_COUNT", Frames.STREAMS,
                "STREAM_OUTPUT", Frames.OUTPUT_STREAM,
                "STREAM_EXTENSION_OUTPUT", Frames.EXTENSION_OUTPUT_STREAM,
                "STREAM_FIRST_ACCEPTED", Frames.FIRST_ACCEPTED_STREAM,
                "STREAM_FIRST_CONNECTED", Frames.FIRST_CONNECTED_STREAM,
                "ENTROPY_BYTES", Frames.ENTROPY_BYTES));
        for (FrameType type : FrameType.values()) {
            expected.put("FRAME_" + type, type.number);
        }
        for (SpecField field : SpecField.values()) {
            expected.put("SPEC_" + field, field.number);
        }
        assertThat(constantsOf(Path.of("src/main/c/guest/frames.h"))).isEqualTo(expected);
    }

    private static Map<String, Integer> constantsOf(Path header) throws IOException {
        Map<String, Integer> constants = new TreeMap<>();
        Matcher found = CONSTANT.matcher(Files.readString(header));
        while (found.find()) {
            constants.put(found.group(1), Integer.valueOf(found.group(2)));
        }
        return constants;
    }
}
