package dev.thaw.scheduler.auth;

import dev.thaw.results.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests that differ by their bodies and their time alone (AWS Signature Version 4): what stays the same is
 * worded once, so that a load can sign each of its requests.
 *
 * <p>Threading: one thread.
 */
public final class Signer {
    private static final String DATE_HEADER = "X-Amz-Date";
    private static final String TOKEN_HEADER = "X-Amz-Security-Token";
    /** Stands for the date where requests are worded; as long as one, and in none. */
    private static final String NO_DATE = "----------------";

    private final Credentials credentials;
    private final String beforeDate;
    private final String afterDate;
    private final String signedHeaders;
    private final MessageDigest sha256 = Sha256.digest();
    private final Mac mac = Hmac.mac();
    private long epochSec = Long.MIN_VALUE;
    private String date = "";
    private SignatureParts.@Nullable Scope scope;

    /** {@code head}: with {@code Host} and all {@code X-Amz-} headers, but for those of the signature. */
    public Signer(Credentials credentials, RequestHead head) {
        this.credentials = credentials;
        List<Map.Entry<String, String>> headers = new ArrayList<>(head.headers());
        headers.add(Map.entry(DATE_HEADER, NO_DATE));
        if (credentials.token() != null) {
            headers.add(Map.entry(TOKEN_HEADER, credentials.token()));
        }
        List<String> names = headers.stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                .filter(name -> name.equals("host") || name.startsWith("x-amz-"))
                .distinct()
                .sorted()
                .toList();
        RequestHead whole = new RequestHead(head.method(), head.path(), head.query(), headers);
        String canonical = CanonicalRequest.of(whole, new QueryText(head.query()), names, null, "");
        int dateAt = canonical.lastIndexOf("x-amz-date:" + NO_DATE) + "x-amz-date:".length();
        beforeDate = canonical.substring(0, dateAt);
        afterDate = canonical.substring(dateAt + NO_DATE.length());
        signedHeaders = String.join(";", names);
    }

    /** The headers to add, names and values; each is as long every time. */
    public Map<String, String> sign(byte[] bytes, int at, int length, long epochMs) {
        SignatureParts.Scope place = moveTo(Math.floorDiv(epochMs, 1_000L));
        sha256.update(bytes, at, length);
        String canonical = beforeDate + date + afterDate + Hmac.hex(sha256.digest());
        String hash = Hmac.hex(sha256.digest(canonical.getBytes(StandardCharsets.ISO_8859_1)));
        String toSign = SignatureParts.ALGORITHM + "\n" + date + "\n" + place + "\n" + hash;
        String signature = Hmac.hex(mac.doFinal(toSign.getBytes(StandardCharsets.ISO_8859_1)));
        Map<String, String> headers = new LinkedHashMap<>(4);
        headers.put(DATE_HEADER, date);
        if (credentials.token() != null) {
            headers.put(TOKEN_HEADER, credentials.token());
        }
        headers.put(
                "Authorization",
                SignatureParts.ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + place + ", SignedHeaders="
                        + signedHeaders + ", Signature=" + signature);
        return headers;
    }

    /** A key is made for each day, a date worded for each second. */
    private SignatureParts.Scope moveTo(long nowSec) {
        SignatureParts.Scope known = scope;
        if (known != null && nowSec == epochSec) {
            return known;
        }
        epochSec = nowSec;
        date = SignatureParts.text(nowSec);
        SignatureParts.Scope today =
                new SignatureParts.Scope(date.substring(0, 8), Gate.REGION, Gate.SERVICE, Gate.TERMINATOR);
        if (!today.equals(known)) {
            try {
                mac.init(new SecretKeySpec(Hmac.signingKey(credentials.secret(), today), mac.getAlgorithm()));
            } catch (InvalidKeyException e) {
                throw new IllegalStateException("any bytes are a key", e);
            }
            scope = today;
        }
        return today;
    }
}
