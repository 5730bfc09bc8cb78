package dev.thaw.runtimebridge;

/** The last 4 KB of what went by. Threading: the log thread only. */
final class LogTail {
    /** What {@code X-Amz-Log-Result} may hold before base64 (contract.md section 6.1). */
    static final int LIMIT_BYTES = 4096;

    private final byte[] ring = new byte[LIMIT_BYTES];
    private long totalBytes;

    void clear() {
        totalBytes = 0;
    }

    void append(byte[] bytes, int start, int length) {
        int skipped = Math.max(0, length - LIMIT_BYTES);
        totalBytes += skipped;
        for (int i = skipped; i < length; ) {
            int at = (int) (totalBytes % LIMIT_BYTES);
            int count = Math.min(length - i, LIMIT_BYTES - at);
            System.arraycopy(bytes, start + i, ring, at, count);
            totalBytes += count;
            i += count;
        }
    }

    byte[] toBytes() {
        int length = (int) Math.min(totalBytes, LIMIT_BYTES);
        byte[] tail = new byte[length];
        int from = (int) ((totalBytes - length) % LIMIT_BYTES);
        int first = Math.min(length, LIMIT_BYTES - from);
        System.arraycopy(ring, from, tail, 0, first);
        System.arraycopy(ring, 0, tail, first, length - first);
        return tail;
    }
}
