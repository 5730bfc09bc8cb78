package dev.thaw.scheduler.control.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts texts at rest with AES-256-GCM (contract.md section 1.5). A sealed text opens only under the name that it was
 * sealed for, so that one cannot be put in another's place.
 *
 * <p>Threading: one thread at a time.
 */
public final class Sealer {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final String OWNER_ONLY = "rw-------";

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    private Sealer(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /** With a key that nobody keeps. */
    public static Sealer forgetful() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Sealer(key);
    }

    /** With the key in the file. */
    static Sealer read(Path keyFile) throws IOException {
        byte[] key;
        try {
            key = Files.readAllBytes(keyFile);
        } catch (NoSuchFileException missing) {
            throw new StateException(
                    keyFile + ": missing, it opens the environment variables of the functions beside it", missing);
        }
        if (key.length != KEY_BYTES) {
            throw new StateException(keyFile + ": " + key.length + " bytes, a key has " + KEY_BYTES);
        }
        return new Sealer(key);
    }

    /** With a new key, which only the owner may read; it is on disk once this returns. */
    static Sealer create(Path keyFile) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path partial = keyFile.resolveSibling(keyFile.getFileName() + ".new");
        Files.deleteIfExists(partial);
        try (FileChannel file = FileChannel.open(
                partial,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)))) {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(partial, keyFile, StandardCopyOption.ATOMIC_MOVE);
        return new Sealer(key);
    }

    /** Encrypts a text under a name. */
    public String seal(String name, String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] both = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, NONCE_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** The text that was sealed under this name; refuses another key, another name, a changed text. */
    public String open(String name, String sealed) {
        try {
            byte[] both = Base64.getDecoder().decode(sealed);
            byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(both, NONCE_BYTES, both.length - NONCE_BYTES);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StateException(name + ": cannot be decrypted with this key", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
