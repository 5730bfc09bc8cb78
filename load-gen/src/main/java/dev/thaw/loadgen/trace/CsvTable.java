package dev.thaw.loadgen.trace;

import com.github.luben.zstd.ZstdInputStream;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.thaw.results.CauseText;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A CSV file with a header, read row by row, plain or as {@code .gz} or {@code .zst}. Whatever is wrong is refused as
 * {@code file:row: column: 'value', must be bound}, with the 1-based line of the file as row.
 *
 * <p>Threading: one thread.
 */
final class CsvTable implements Closeable {
    private final Path path;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> rows;
    private final CsvRecord header;
    private final Map<String, Integer> columns = new HashMap<>();
    private CsvRecord row;
    private long line = 1;

    private CsvTable(Path path, CsvReader<CsvRecord> reader) {
        this.path = path;
        this.reader = reader;
        rows = reader.iterator();
        header = read().orElseThrow(() -> new TraceException(path + ":1: header: '', must be there"));
        row = header;
        for (int i = 0; i < header.getFieldCount(); i++) {
            columns.putIfAbsent(header.getField(i), i);
        }
    }

    static CsvTable open(Path path) {
        try {
            CsvReader<CsvRecord> reader = CsvReader.builder()
                    .detectBomHeader(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(stream(path), StandardCharsets.UTF_8);
            return new CsvTable(path, reader);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static TraceException unreadable(Path path, IOException cause) {
        return new TraceException(path + ": cannot be read: " + CauseText.of(cause));
    }

    private static InputStream stream(Path path) throws IOException {
        InputStream file = Files.newInputStream(path);
        if (path.toString().endsWith(".gz")) {
            return new GZIPInputStream(file, 1 << 16);
        }
        return path.toString().endsWith(".zst") ? new ZstdInputStream(file) : file;
    }

    Path path() {
        return path;
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    int columnCount() {
        return header.getFieldCount();
    }

    String columnName(int column) {
        return header.getField(column);
    }

    String headerText() {
        String text = String.join(",", header.getFields());
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }

    /** Index of a column that must be there. */
    int column(String name) {
        Integer column = columns.get(name);
        if (column == null) {
            throw new TraceException(path + ":1: header: '" + headerText() + "', must have column " + name);
        }
        return column;
    }

    /** Moves to the next row; false after the last. */
    boolean next() {
        CsvRecord next = read().orElse(null);
        if (next == null) {
            return false;
        }
        row = next;
        if (row.getFieldCount() != header.getFieldCount()) {
            throw new TraceException(
                    at() + "columns: '" + row.getFieldCount() + "', must be " + header.getFieldCount());
        }
        return true;
    }

    private String at() {
        return path + ":" + line + ": ";
    }

    private Optional<CsvRecord> read() {
        try {
            if (!rows.hasNext()) {
                return Optional.empty();
            }
            CsvRecord next = rows.next();
            line = next.getStartingLineNumber();
            return Optional.of(next);
        } catch (CsvParseException e) {
            throw new TraceException(path + ":" + (line + 1) + ": row: " + e.getMessage() + ", must be CSV");
        } catch (UncheckedIOException e) {
            throw new TraceException(path + ": cannot be read: " + CauseText.of(e));
        }
    }

    String text(int column) {
        String text = row.getField(column).strip();
        if (text.isEmpty()) {
            throw bad(column, "not empty");
        }
        return text;
    }

    double number(int column, double min, double max) {
        String text = row.getField(column).strip();
        double value = parse(text);
        if (!(value >= min && value <= max)) {
            throw bad(column, "a number " + plain(min) + ".." + plain(max));
        }
        return value;
    }

    int count(int column, int max) {
        double value = number(column, 0, max);
        if (value != Math.rint(value)) {
            throw bad(column, "a whole number 0.." + max);
        }
        return (int) value;
    }

    /** The refusal of the current row's value in that column. */
    TraceException bad(int column, String bound) {
        return new TraceException(at() + columnName(column) + ": '" + row.getField(column) + "', must be " + bound);
    }

    private static double parse(String text) {
        // parseDouble also takes hexadecimal, a type suffix and words, as Java source does.
        if (text.isEmpty() || !text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }
}
