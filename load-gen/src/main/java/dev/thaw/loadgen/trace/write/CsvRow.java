package dev.thaw.loadgen.trace.write;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes rows of CSV; numbers exactly, from whole ones with a point put in.
 *
 * <p>Threading: one thread.
 */
final class CsvRow {
    private final Writer out;
    private final StringBuilder row = new StringBuilder();
    private boolean hasFields;

    CsvRow(Writer out) {
        this.out = out;
    }

    private void comma() {
        if (hasFields) {
            row.append(',');
        }
        hasFields = true;
    }

    CsvRow text(String text) {
        comma();
        boolean plain =
                text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        if (plain) {
            row.append(text);
        } else {
            row.append('"').append(text.replace("\"", "\"\"")).append('"');
        }
        return this;
    }

    /** {@code value / 10^digits}; 0 or more. */
    CsvRow fixed(long value, int digits) {
        comma();
        int from = row.length();
        row.append(value);
        if (digits > 0) {
            while (row.length() - from <= digits) {
                row.insert(from, '0');
            }
            row.insert(row.length() - digits, '.');
        }
        return this;
    }

    /** Nothing for a negative number. */
    CsvRow fixedOrNothing(long value, int digits) {
        if (value >= 0) {
            return fixed(value, digits);
        }
        comma();
        return this;
    }

    void end() throws IOException {
        out.append(row).append('\n');
        row.setLength(0);
        hasFields = false;
    }
}
