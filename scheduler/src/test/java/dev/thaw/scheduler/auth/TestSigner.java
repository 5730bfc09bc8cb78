package dev.thaw.scheduler.auth;

import dev.thaw.results.digest.Sha256;
import dev.thaw.scheduler.control.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/** Signs requests as a client does, with the documentation's example key, and makes gates that know it. */
public final class TestSigner {
    public static final String KEY_ID = "AKIDEXAMPLE";
    public static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public static final String METRICS_TOKEN = "monitor-0123456789";
    public static final String DATE = "20150830T123600Z";
    public static final long NOW_EPOCH_MS =
            Instant.parse("2015-08-30T12:36:00Z").toEpochMilli();

    /** What a test may get wrong on purpose. */
    public String keyId = KEY_ID;

    public String secret = SECRET;
    public String date = DATE;
    public String region = Gate.REGION;
    public String service = Gate.SERVICE;
    public @Nullable String token;

    /** A gate of one key, whose holder may do everything. */
    public static Gate gate(PolicyBook policies, EpochClock clock) {
        return gate(policies, clock, "user/alice", null);
    }

    static Gate gate(
            PolicyBook policies, EpochClock clock, String holder, @Nullable List<IdentityStatement> statements) {
        String principal = holder.contains(".") ? holder : "arn:aws:iam::000000000000:" + holder;
        AccessKey key = new AccessKey(KEY_ID, SECRET, null, null, principal, statements);
        return new Gate(new KeyFile.Content(Map.of(KEY_ID, key), METRICS_TOKEN), policies, clock);
    }

    /** The same where its holder may do one thing with some resources. */
    public static Gate gate(PolicyBook policies, EpochClock clock, String holder, String action, String resource) {
        return gate(policies, clock, holder, List.of(new IdentityStatement(true, List.of(action), List.of(resource))));
    }

    /** The same where its holder may do everything but anything with these resources. */
    public static Gate gateWithout(PolicyBook policies, EpochClock clock, String... resources) {
        return gate(
                policies,
                clock,
                "user/bob",
                List.of(
                        new IdentityStatement(true, List.of("*"), List.of("*")),
                        new IdentityStatement(false, List.of("lambda:*"), List.of(resources))));
    }

    /** The request's headers with those of a signature over all of them. */
    public Map<String, String> sign(
            String method, String path, String query, Map<String, String> headers, byte[] body) {
        Map<String, String> signed = new HashMap<>(headers);
        signed.put("X-Amz-Date", date);
        if (token != null) {
            signed.put("X-Amz-Security-Token", token);
        }
        List<String> names = signed.keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
        RequestHead head = new RequestHead(method, path, query, new ArrayList<>(signed.entrySet()));
        SignatureParts.Scope scope = new SignatureParts.Scope(date.substring(0, 8), region, service, "aws4_request");
        String signature =
                signature(CanonicalRequest.of(head, new QueryText(query), names, null, Sha256.hex(body)), scope);
        signed.put(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + keyId + "/" + scope + ", SignedHeaders=" + String.join(";", names)
                        + ", Signature=" + signature);
        return signed;
    }

    /** The query of a presigned request that only names its host. */
    public String presign(String method, String path, String host, int expiresSec) {
        SignatureParts.Scope scope = new SignatureParts.Scope(date.substring(0, 8), region, service, "aws4_request");
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                + UriText.encode((keyId + "/" + scope).getBytes(StandardCharsets.UTF_8)) + "&X-Amz-Date=" + date
                + "&X-Amz-Expires=" + expiresSec + "&X-Amz-SignedHeaders=host";
        RequestHead head = new RequestHead(method, path, query, List.of(Map.entry("host", host)));
        String signature =
                signature(CanonicalRequest.of(head, new QueryText(query), List.of("host"), null, Hmac.hash("")), scope);
        return query + "&X-Amz-Signature=" + signature;
    }

    private String signature(String canonical, SignatureParts.Scope scope) {
        return Hmac.hex(Hmac.sign(
                Hmac.signingKey(secret, scope),
                "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + Hmac.hash(canonical)));
    }
}
