package dev.thaw.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests of files; and as image files spell them: {@code sha256:} and 64 hexadecimal digits. */
public final class Sha256 {
    private static final String PREFIX = "sha256:";
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private Sha256() {}

    /** 64 hexadecimal digits of the whole file. */
    public static String hex(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return hex(of(in));
        }
    }

    static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    static String hex(String digest) {
        return digest.substring(PREFIX.length());
    }

    static String of(byte[] content) {
        return PREFIX + HexFormat.of().formatHex(newDigest().digest(content));
    }

    /** Reads to the end. */
    static String of(InputStream content) throws IOException {
        DigestInputStream digesting = new DigestInputStream(content, newDigest());
        digesting.transferTo(OutputStream.nullOutputStream());
        return of(digesting.getMessageDigest());
    }

    static String of(MessageDigest fed) {
        return PREFIX + HexFormat.of().formatHex(fed.digest());
    }

    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
