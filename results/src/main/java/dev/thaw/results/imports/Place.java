package dev.thaw.results.imports;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.thaw.results.CauseText;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where in a file that others wrote something stands: what is wrong there is told in one line, {@code file:row: what}.
 *
 * @param row counts from 1
 * @param within the row, such as {@code "runtimeData[3]: "}, or empty
 */
record Place(Path file, long row, String within) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final char BYTE_ORDER_MARK = 0xFEFF;
    private static final int MOST_BLANKS = 4096;

    Place(Path file, long row) {
        this(file, row, "");
    }

    /** The file as text, unpacked, without the mark that some editors begin it with. */
    static BufferedReader open(Path file) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(stream(file), StandardCharsets.UTF_8));
        try {
            text.mark(1);
            if (text.read() != BYTE_ORDER_MARK) {
                text.reset();
            }
            return text;
        } catch (IOException e) {
            text.close();
            throw e;
        }
    }

    /** Whether it begins with a JSON object; nothing of it is read. */
    static boolean isJsonObject(BufferedReader text) throws IOException {
        text.mark(MOST_BLANKS);
        int first = text.read();
        for (int read = 1; read < MOST_BLANKS && Character.isWhitespace(first); read++) {
            first = text.read();
        }
        text.reset();
        return first == '{';
    }

    /** {@code .gz} and {@code .zst} are unpacked. */
    static InputStream stream(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            return unpacked(file.toString(), in);
        } catch (IOException e) {
            in.close(); // a packed file whose head is not one
            throw e;
        }
    }

    private static InputStream unpacked(String name, InputStream in) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(in);
        }
        return name.endsWith(".zst") ? new ZstdInputStreamNoFinalizer(in) : in;
    }

    /** All of a file as JSON. */
    static JsonNode json(Path file, BufferedReader text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            long row = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new Place(file, row).wrong("not JSON", e);
        }
    }

    /** A row of JSON. */
    JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw wrong("not JSON", e);
        }
    }

    /** Each row of a table with a head. */
    static void csv(Path file, BufferedReader text, String of, BiConsumer<Place, NamedCsvRecord> to)
            throws IOException {
        Place place = new Place(file, 1);
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(text)) {
            for (NamedCsvRecord row : csv) {
                place = new Place(file, row.getStartingLineNumber());
                to.accept(place, row);
            }
        } catch (NoSuchElementException e) {
            throw place.wrong("not " + of + ": " + e.getMessage(), e);
        } catch (CsvParseException e) {
            throw new Place(file, place.row + 1).wrong("not " + of + ": " + CauseText.of(e), e);
        }
    }

    IllegalArgumentException wrong(String what) {
        return wrong(what, null);
    }

    IllegalArgumentException wrong(String what, @Nullable Exception cause) {
        return new IllegalArgumentException(file + ":" + row + ": " + within + what, cause);
    }

    /** A number from 0 on. */
    double number(String name, String text, String unit, double most) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw wrong(name + ": '" + text + "', must be " + unit, e);
        }
        if (!(value >= 0 && value <= most)) {
            throw wrong(name + ": '" + text + "' " + unit + ", must be 0 to " + Math.round(most));
        }
        return value;
    }

    /** A memory size as the service has them. */
    int memoryMb(String name, String text) {
        int memoryMb;
        try {
            memoryMb = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong(name + ": '" + text + "', must be MB", e);
        }
        if (memoryMb < 1) {
            throw wrong(name + ": '" + text + "' MB, must be at least 1");
        }
        return memoryMb;
    }
}
