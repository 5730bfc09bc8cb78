package dev.thaw.sandbox.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a 64-bit little-endian ELF program says of itself.
 *
 * @param machine number of its instruction set
 * @param interpreter path of the loader that it asks for, or empty for a static program
 */
public record ElfHeader(int machine, String interpreter) {
    private static final int HEADER_BYTES = 64;
    private static final int MAGIC = 0x464c457f;
    private static final int SEGMENT_BYTES = 56;
    private static final int SEGMENTS_MAX = 128;
    private static final int INTERPRETER = 3;
    private static final int PATH_BYTES_MAX = 4096;

    /** Null where the file is no such program. */
    public static @Nullable ElfHeader read(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer head = bytes(channel, 0, HEADER_BYTES);
            if (head.limit() < HEADER_BYTES || head.getInt(0) != MAGIC || head.get(4) != 2 || head.get(5) != 1) {
                return null;
            }
            return new ElfHeader(Short.toUnsignedInt(head.getShort(18)), interpreter(channel, head));
        }
    }

    private static String interpreter(SeekableByteChannel channel, ByteBuffer head) throws IOException {
        long at = head.getLong(32);
        int segments = Math.min(SEGMENTS_MAX, Short.toUnsignedInt(head.getShort(56)));
        ByteBuffer table = bytes(channel, at, segments * SEGMENT_BYTES);
        for (int segment = 0; segment + SEGMENT_BYTES <= table.limit(); segment += SEGMENT_BYTES) {
            if (table.getInt(segment) == INTERPRETER) {
                int length = Math.clamp(table.getLong(segment + 32) - 1, 0, PATH_BYTES_MAX);
                ByteBuffer path = bytes(channel, table.getLong(segment + 8), length);
                return StandardCharsets.UTF_8.decode(path).toString();
            }
        }
        return "";
    }

    private static ByteBuffer bytes(SeekableByteChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        if (at >= 0 && at < channel.size()) {
            channel.position(at);
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = channel.read(bytes);
            }
        }
        return bytes.flip();
    }
}
