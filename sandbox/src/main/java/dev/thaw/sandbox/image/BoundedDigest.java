package dev.thaw.sandbox.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/** A stream that knows the digest of what went through, and ends in a fault where that is more than a bound. */
final class BoundedDigest extends FilterInputStream {
    private final MessageDigest digest = Sha256.newDigest();
    private final long bytesMax;
    private long bytes;

    BoundedDigest(InputStream in, long bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        int count = in.read(to, from, length);
        if (count > 0) {
            digest.update(to, from, count);
            bytes += count;
            if (bytes > bytesMax) {
                throw new IOException("more than " + bytesMax + " bytes unpacked");
            }
        }
        return count;
    }

    /** By reading: what is skipped counts as well. */
    @Override
    public long skip(long wanted) throws IOException {
        byte[] skipped = new byte[(int) Math.min(wanted, 65536)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Reads the rest; the digest of everything. */
    String finish() throws IOException {
        transferTo(OutputStream.nullOutputStream());
        return Sha256.of(digest);
    }
}
