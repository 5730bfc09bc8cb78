package dev.thaw.scheduler.auth;

import dev.thaw.results.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC and hash of Signature Version 4. Text is one byte for each character. */
final class Hmac {
    private static final String HMAC = "HmacSHA256";

    private Hmac() {}

    /** The key that signs for one day, region and service. */
    static byte[] signingKey(String secret, SignatureParts.Scope scope) {
        byte[] ofDate = sign(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), scope.date());
        byte[] ofRegion = sign(ofDate, scope.region());
        return sign(sign(ofRegion, scope.service()), scope.terminator());
    }

    static byte[] sign(byte[] key, String text) {
        try {
            Mac mac = mac();
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** Without a key yet. */
    static Mac mac() {
        try {
            return Mac.getInstance(HMAC);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Hash of the text, in hex. */
    static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
