package dev.thaw.sandbox.microvm.snapshot;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file of a snapshot at rest: AES-256-GCM by chunks, those of zeros left out. The length of the whole, each chunk's place
 * and turn, and the end are sealed as well, so nothing can be cut off, left out or moved.
 *
 * <p>Format: u64 length; for each chunk u64 place, u32 sealed bytes, these; then the place -1 and an empty chunk. A key
 * seals one snapshot, and each of its files once, so the number of the file and the chunk's turn are a nonce.
 *
 * <p>Threading: one thread.
 */
final class SealedFile {
    private static final int TAG_BYTES = 16;
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int NONCE_BYTES = Integer.BYTES + Long.BYTES;
    private static final long END = -1;

    private final Path file;
    private final int number;
    private final SecretKeySpec key;
    private long turn;

    /** {@code number} tells it from others that the key seals. */
    SealedFile(Path file, int number, byte[] key) {
        this.file = file;
        this.number = number;
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Seals what {@code content} holds. */
    void write(FileChannel content, long size) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] zeros = new byte[CHUNK_BYTES];
        try (DataOutputStream out = new DataOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            out.writeLong(size);
            for (long at = 0; at < size; at += CHUNK_BYTES) {
                int length = (int) Math.min(CHUNK_BYTES, size - at);
                readFully(content, at, chunk, length);
                if (!Arrays.equals(chunk, 0, length, zeros, 0, length)) {
                    writeChunk(out, size, at, chunk, length);
                }
            }
            writeChunk(out, size, END, chunk, 0);
        }
    }

    private void writeChunk(DataOutputStream out, long size, long at, byte[] chunk, int length) throws IOException {
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, size, at, chunk, length);
        out.writeLong(at);
        out.writeInt(sealed.length);
        out.write(sealed);
    }

    /** Opens it into {@code target}, which is empty and gets the size of what was sealed. */
    void read(FileChannel target) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(file), CHUNK_BYTES))) {
            long size = in.readLong();
            long at;
            do {
                at = in.readLong();
                byte[] open = readChunk(in, size, at);
                if (at >= 0 && (at > size - open.length || target.write(ByteBuffer.wrap(open), at) != open.length)) {
                    throw new IOException(file + " cannot be opened whole");
                }
            } while (at != END);
            if (target.size() < size) {
                target.write(ByteBuffer.wrap(new byte[1]), size - 1);
            }
        } catch (EOFException cut) {
            throw new IOException(file + " is cut off", cut);
        }
    }

    private byte[] readChunk(DataInputStream in, long size, long at) throws IOException {
        int length = in.readInt();
        if (length < TAG_BYTES || length > CHUNK_BYTES + TAG_BYTES) {
            throw new IOException(file + " is damaged");
        }
        byte[] sealed = new byte[length];
        in.readFully(sealed);
        return cipher(Cipher.DECRYPT_MODE, size, at, sealed, length);
    }

    private void readFully(FileChannel content, long at, byte[] chunk, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, length);
        while (buffer.hasRemaining()) {
            if (content.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("what " + file + " is to be made of ends at " + (at + buffer.position()));
            }
        }
    }

    private byte[] cipher(int mode, long size, long at, byte[] bytes, int length) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                    .putInt(number)
                    .putLong(turn++)
                    .array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(size)
                    .putLong(at)
                    .flip());
            return cipher.doFinal(bytes, 0, length);
        } catch (GeneralSecurityException wrong) {
            throw new IOException(file + " was sealed by another key, or is damaged", wrong);
        }
    }
}
