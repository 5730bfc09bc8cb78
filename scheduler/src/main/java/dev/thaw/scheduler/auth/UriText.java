package dev.thaw.scheduler.auth;

import java.nio.charset.StandardCharsets;

/** Percent-encoding as signatures want it: everything but unreserved characters, in upper case. */
final class UriText {
    private static final String HEX = "0123456789ABCDEF";

    private UriText() {}

    static String encode(byte[] bytes) {
        return encode(bytes, false);
    }

    /**
     * The path as it was sent, encoded once more, as for every service but S3. It is not normalised: what is signed is
     * what is served, so a path with dots is signed as it is sent or not let in.
     */
    static String encodePath(String path) {
        return path.isEmpty() ? "/" : encode(path.getBytes(StandardCharsets.ISO_8859_1), true);
    }

    private static String encode(byte[] bytes, boolean path) {
        StringBuilder text = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (isUnreserved(c) || (path && c == '/')) {
                text.append(c);
            } else {
                text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
