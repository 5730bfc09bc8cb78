package dev.thaw.loadgen.trace;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * A CSV file with a header, read row by row, whatever {@link TraceInput} reads. Whatever is wrong is refused as
 * {@code file:row: column: 'value', must be bound}, with the 1-based line of the file as row.
 *
 * <p>Threading: one thread.
 */
final class CsvTable implements Closeable {
    /** 45 days of minutes, or 65,534 functions. */
    private static final int MAX_COLUMNS = 1 << 16;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Path path;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> rows;
    private final CsvRecord header;
    private final Map<String, Integer> columns = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final LongConsumer rowsRead;
    private CsvRecord row;
    private long line = 1;
    private long count;

    private CsvTable(Path path, CsvReader<CsvRecord> reader, LongConsumer rowsRead) {
        this.path = path;
        this.reader = reader;
        this.rowsRead = rowsRead;
        rows = reader.iterator();
        header = read().orElseThrow(() -> new TraceException(path + ":1: header: '', must be there"));
        row = header;
        for (int i = 0; i < header.getFieldCount(); i++) {
            if (columns.putIfAbsent(header.getField(i), i) != null) {
                ambiguous.add(header.getField(i));
            }
        }
    }

    static CsvTable open(Path path, TraceProgress progress) {
        return of(path, TraceInput.open(path, progress), rows -> progress.rowsRead(path, rows));
    }

    /**
     * The text of that stream, which is closed with the table.
     *
     * @param path what it is called
     * @param rowsRead is told the number of rows when the table is closed
     */
    static CsvTable of(Path path, InputStream input, LongConsumer rowsRead) {
        CsvRecordHandler bounds = CsvRecordHandler.builder()
                .maxFields(MAX_COLUMNS)
                .maxFieldSize(BoundedLines.MAX_LINE_BYTES)
                .maxRecordSize(BoundedLines.MAX_LINE_BYTES)
                .build();
        try {
            CsvReader<CsvRecord> reader = CsvReader.builder()
                    .detectBomHeader(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .maxBufferSize(BoundedLines.MAX_LINE_BYTES + (1 << 20))
                    .build(bounds, input, StandardCharsets.UTF_8);
            return new CsvTable(path, reader, rowsRead);
        } catch (RuntimeException e) {
            closeAfter(e, input);
            throw e;
        }
    }

    private static void closeAfter(RuntimeException failure, InputStream input) {
        try {
            input.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
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
        return shortened(text);
    }

    /** Index of a column that must be there, once. */
    int column(String name) {
        Integer column = columns.get(name);
        if (column == null || ambiguous.contains(name)) {
            throw new TraceException(path + ":1: header: '" + headerText() + "', must have column " + shortened(name)
                    + (column == null ? "" : " once"));
        }
        return column;
    }

    /** What is done with one row, by {@link #text} and its like. */
    @FunctionalInterface
    interface RowReader {
        void read();
    }

    /**
     * Reads all rows that are left.
     *
     * @param reader must change nothing before it has read all that it wants of the row
     */
    void forEachRow(BrokenRows broken, RowReader reader) {
        while (move()) {
            try {
                requireAllColumns();
                reader.read();
            } catch (TraceException e) {
                broken.meet(e);
            }
        }
    }

    /** Moves to the next row that has all columns; false after the last. */
    boolean next(BrokenRows broken) {
        while (move()) {
            try {
                requireAllColumns();
                return true;
            } catch (TraceException e) {
                broken.meet(e);
            }
        }
        return false;
    }

    private boolean move() {
        CsvRecord next = read().orElse(null);
        if (next == null) {
            return false;
        }
        row = next;
        count++;
        return true;
    }

    private void requireAllColumns() {
        if (row.getFieldCount() != header.getFieldCount()) {
            throw new TraceException(
                    at() + "columns: '" + row.getFieldCount() + "', must be " + header.getFieldCount());
        }
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
            throw new TraceException(path + ":" + (line + 1) + ": row: " + firstLine(e) + ", must be CSV");
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof BoundedLines.LineTooLong tooLong) {
                throw new TraceException(path + ":" + tooLong.line + ": line: longer than "
                        + BoundedLines.MAX_LINE_BYTES + " bytes, must be at most that");
            }
            IOException cause = e.getCause();
            throw TraceInput.unreadable(path, cause == null ? new IOException(e) : cause);
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("broken");
    }

    /** The value as it is, blanks around it left out; may be empty. */
    String raw(int column) {
        return row.getField(column).strip();
    }

    String text(int column) {
        String text = raw(column);
        if (text.isEmpty()) {
            throw bad(column, "not empty");
        }
        return text;
    }

    double number(int column, double min, double max) {
        double value = parse(raw(column));
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

    /**
     * Reads the whole numbers from a column on.
     *
     * @return whether one of them is above 0
     */
    boolean counts(int firstColumn, int[] counts) {
        boolean any = false;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = count(firstColumn + i, StepCursor.MAX_PER_STEP);
            any |= counts[i] > 0;
        }
        return any;
    }

    /** One of the columns, the first that is there; -1 for none. */
    int columnOf(String... names) {
        for (String name : names) {
            if (has(name)) {
                return column(name);
            }
        }
        return -1;
    }

    /** The refusal of the current row's value in that column. */
    TraceException bad(int column, String bound) {
        return new TraceException(
                at() + columnName(column) + ": '" + shortened(row.getField(column)) + "', must be " + bound);
    }

    /** The refusal of that column's name. */
    TraceException badHeader(int column, String bound) {
        return new TraceException(path + ":1: header: '" + shortened(columnName(column)) + "', must be " + bound);
    }

    private static String shortened(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ");
        return line.length() > 80 ? line.substring(0, 80) + "..." : line;
    }

    /** A finite number, or NaN. */
    static double parse(String text) {
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
        rowsRead.accept(count);
        try {
            reader.close();
        } catch (IOException e) {
            throw TraceInput.unreadable(path, e);
        }
    }
}
