package dev.thaw.loadgen.trace;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes of a text whose lines have a bound, so that a line without end fills no memory.
 *
 * <p>Threading: one thread.
 */
final class BoundedLines extends FilterInputStream {
    /** The longest line: 14 days of minutes of a busy function need 0.2 MB, five thousand functions' second 0.1 MB. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private final TraceProgress progress;
    private long line = 1;
    private int lineBytes;

    BoundedLines(InputStream in, TraceProgress progress) {
        super(in);
        this.progress = progress;
    }

    /** A line is longer than it may be. */
    static final class LineTooLong extends IOException {
        private static final long serialVersionUID = 1L;

        final long line;

        LineTooLong(long line) {
            super("line " + line + " is longer than " + MAX_LINE_BYTES + " bytes");
            this.line = line;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        for (int i = offset; i < offset + read; i++) {
            if (bytes[i] == '\n') {
                line++;
                lineBytes = 0;
            } else if (++lineBytes > MAX_LINE_BYTES) {
                throw new LineTooLong(line);
            }
        }
        if (read > 0) {
            progress.read(read);
        }
        return read;
    }
}
