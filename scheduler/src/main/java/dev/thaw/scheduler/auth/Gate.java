package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.policy.AccessRequest;
import dev.thaw.scheduler.control.policy.PolicyBook;
import dev.thaw.scheduler.control.policy.PolicyStatement;
import dev.thaw.scheduler.control.policy.ResourcePolicy;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in that are signed by one of its keys, for this service and region, within five minutes of the time they
 * name, over everything that decides what they do; and says what the holder of a key may do. Within the five minutes a
 * request may be sent again, as the real service has it.
 *
 * <p>Threading: safe on any thread.
 */
public final class Gate {
    /** By how much a request's time may differ from this clock's. */
    static final long SKEW_SEC = 300;

    /** What only locations allow that the server has signed itself, whatever policies say. */
    public static final String READ_PACKAGE = "thaw:ReadPackage";

    static final String REGION = "us-east-1";
    static final String SERVICE = "lambda";
    static final String TERMINATOR = "aws4_request";
    private static final String BEARER = "Bearer ";
    private static final String OWNER = FunctionRegistry.ARN_PREFIX.split(":", -1)[4];
    private static final String BODY_HASH = "x-amz-content-sha256";

    private final Map<String, AccessKey> keys;
    private final AccessKey own = ownKey();
    private final @Nullable String metricsToken;
    private final PolicyBook policies;
    private final EpochClock clock;
    /** The latest of each key; there is a new one each day. */
    private final Map<String, DaysKey> signingKeys = new ConcurrentHashMap<>();

    /** A key made for one day, region and service. */
    private static final class DaysKey {
        final SignatureParts.Scope scope;
        final byte[] bytes;

        DaysKey(SignatureParts.Scope scope, byte[] bytes) {
            this.scope = scope;
            this.bytes = bytes;
        }
    }

    Gate(KeyFile.Content content, PolicyBook policies, EpochClock clock) {
        Map<String, AccessKey> all = new HashMap<>(content.keys());
        all.put(own.id(), own);
        keys = Map.copyOf(all);
        metricsToken = content.metricsToken();
        this.policies = policies;
        this.clock = clock;
    }

    /** With the keys of a file. Throws {@link KeyFileException} where it cannot be used. */
    public static Gate of(Path keyFile, PolicyBook policies, EpochClock clock) {
        return new Gate(KeyFile.read(keyFile), policies, clock);
    }

    /**
     * Begins to check a request: all but its body. Throws {@link ServiceFault} where it is already known that the request
     * is not let in.
     */
    public Knock knock(RequestHead head) {
        QueryText query = new QueryText(head.query());
        SignatureParts parts = SignatureParts.of(head, query);
        AccessKey key = keys.get(parts.accessKeyId());
        if (key == null) {
            throw Refusals.unknownKey();
        }
        checkScope(parts);
        checkTime(parts, clock.time() / 1_000);
        checkToken(key, parts);
        checkHeaders(head, parts);
        return new Knock(this, key, head, query, parts, declaredHash(head));
    }

    /** It brings the token by which a monitor reads the metrics, and nothing else (docs/metrics.md). */
    public boolean mayReadMetrics(RequestHead head) {
        String given = head.header("Authorization");
        return metricsToken != null
                && given != null
                && given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && Knock.same(metricsToken, given.substring(BEARER.length()).strip());
    }

    /** The query by which anybody may GET this page of the server's own, for so long. */
    public String presignedPage(String host, String path, int expiresSec) {
        long nowSec = clock.time() / 1_000;
        String date = SignatureParts.text(nowSec);
        SignatureParts.Scope scope = new SignatureParts.Scope(date.substring(0, 8), REGION, SERVICE, TERMINATOR);
        String query = "X-Amz-Algorithm=" + SignatureParts.ALGORITHM + "&X-Amz-Credential="
                + UriText.encode((own.id() + "/" + scope).getBytes(StandardCharsets.UTF_8)) + "&X-Amz-Date=" + date
                + "&X-Amz-Expires=" + expiresSec + "&X-Amz-SignedHeaders=host";
        RequestHead head = new RequestHead("GET", path, query, List.of(Map.entry("Host", host)));
        String canonical = CanonicalRequest.of(head, new QueryText(query), List.of("host"), null, Hmac.hash(""));
        String toSign = SignatureParts.ALGORITHM + "\n" + date + "\n" + scope + "\n" + Hmac.hash(canonical);
        return query + "&" + SignatureParts.QUERY_SIGNATURE + "="
                + Hmac.hex(Hmac.sign(Hmac.signingKey(own.secret(), scope), toSign));
    }

    /** A key that nobody is told: of what the server signs for its clients, which may read pages. */
    private static AccessKey ownKey() {
        byte[] bytes = new byte[40];
        new SecureRandom().nextBytes(bytes);
        String random = Hmac.hex(bytes);
        return new AccessKey(
                "THAW" + random.substring(0, 16),
                random.substring(16),
                null,
                null,
                "arn:aws:iam::" + OWNER + ":role/thaw-pages",
                List.of(new IdentityStatement(true, List.of(READ_PACKAGE), List.of("*"))));
    }

    /** It claims to be signed. */
    public static boolean isSigned(RequestHead head) {
        return !head.values("Authorization").isEmpty()
                || new QueryText(head.query()).has(SignatureParts.QUERY_SIGNATURE);
    }

    /**
     * Looks at what a server without keys can: that the signature is whole, recent, for this service, and over what it
     * must be over; not whether it is true. Throws {@link ServiceFault}.
     */
    public static void inspect(RequestHead head, EpochClock clock) {
        SignatureParts parts = SignatureParts.of(head, new QueryText(head.query()));
        checkScope(parts);
        checkTime(parts, clock.time() / 1_000);
        checkHeaders(head, parts);
    }

    private static void checkScope(SignatureParts parts) {
        SignatureParts.Scope scope = parts.scope();
        if (!scope.terminator().equals(TERMINATOR)) {
            throw Refusals.invalid("Credential should be scoped with a valid terminator: '" + TERMINATOR + "'.");
        }
        if (!scope.region().equals(REGION)) {
            throw Refusals.invalid("Credential should be scoped to a valid region.");
        }
        if (!scope.service().equals(SERVICE)) {
            throw Refusals.invalid("Credential should be scoped to correct service: '" + SERVICE + "'.");
        }
        if (!scope.date().equals(parts.amzDate().substring(0, 8))) {
            throw Refusals.invalid(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date" + " from HTTP.");
        }
    }

    private static void checkTime(SignatureParts parts, long nowSec) {
        long signedSec = parts.signedEpochSec();
        if (signedSec > nowSec + SKEW_SEC) {
            throw Refusals.invalid("Signature not yet current: " + parts.amzDate() + " is still later than "
                    + SignatureParts.text(nowSec + SKEW_SEC) + " (" + SignatureParts.text(nowSec) + " + 5 min.)");
        }
        long endSec = parts.isPresigned() ? signedSec + parts.expiresSec() : signedSec + SKEW_SEC;
        if (nowSec > endSec) {
            throw Refusals.invalid(
                    parts.isPresigned()
                            ? "Signature expired: " + SignatureParts.text(endSec) + " is now earlier than "
                                    + SignatureParts.text(nowSec)
                            : "Signature expired: " + parts.amzDate() + " is now earlier than "
                                    + SignatureParts.text(nowSec - SKEW_SEC) + " (" + SignatureParts.text(nowSec)
                                    + " - 5 min.)");
        }
    }

    private void checkToken(AccessKey key, SignatureParts parts) {
        String wanted = key.token();
        String given = parts.token();
        if (wanted == null ? given != null : given == null || !Knock.same(wanted, given)) {
            throw Refusals.unknownKey();
        }
        if (key.expiration() != null && clock.time() >= key.expiration().toEpochMilli()) {
            throw Refusals.expiredToken();
        }
    }

    /** What is signed must be there, and what tells the service what to do must be signed. */
    private static void checkHeaders(RequestHead head, SignatureParts parts) {
        List<String> signed = parts.signedHeaders();
        if (!signed.contains("host")) {
            throw Refusals.invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (String name : signed) {
            if (head.values(name).isEmpty() || !name.equals(name.toLowerCase(Locale.ROOT))) {
                throw Refusals.mismatch();
            }
        }
        for (Map.Entry<String, String> header : head.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-") && !name.equals(BODY_HASH) && !signed.contains(name)) {
                throw Refusals.invalid("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    /** The hash that the request says its body has, or null. Bodies without hash are not taken. */
    private static @Nullable String declaredHash(RequestHead head) {
        List<String> values = head.values(BODY_HASH);
        for (String value : values) {
            if (value.startsWith("UNSIGNED-PAYLOAD") || value.startsWith("STREAMING-")) {
                throw Refusals.invalid(BODY_HASH + ": must be the SHA-256 of the body, unsigned and streamed bodies"
                        + " are not supported.");
            }
        }
        if (values.size() > 1) {
            throw Refusals.mismatch();
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    byte[] signingKey(AccessKey key, SignatureParts.Scope scope) {
        DaysKey known = signingKeys.get(key.id());
        if (known == null || !known.scope.equals(scope)) {
            known = new DaysKey(scope, Hmac.signingKey(key.secret(), scope));
            signingKeys.put(key.id(), known);
        }
        return known.bytes;
    }

    /** Null where the holder of the key may; else what to answer. */
    @Nullable
    ServiceFault decide(AccessKey key, String action, String resource, Map<String, String> context) {
        if (action.equals(READ_PACKAGE) && !key.id().equals(own.id())) {
            return Refusals.denied(key.principal(), action, resource, "because packages are read by their locations");
        }
        AccessRequest request = new AccessRequest(key.principal(), action, resource, context);
        return Decision.of(key, OWNER, request, policies.of(resource));
    }

    /** A service may do this, which only the resource's policy decides (contract.md section 16). */
    public boolean allowsService(String service, String action, String resource, String sourceArn) {
        Map<String, String> context = Map.of(
                PolicyStatement.SOURCE_ARN.toLowerCase(Locale.ROOT),
                sourceArn,
                PolicyStatement.SOURCE_ACCOUNT.toLowerCase(Locale.ROOT),
                OWNER);
        return policies.of(resource).allows(new AccessRequest(service, action, resource, context));
    }

    /** Anybody may do this, without signature, by the resource's policy. */
    public boolean isPublic(String action, String resource, Map<String, String> context) {
        ResourcePolicy policy = policies.of(resource);
        return policy.allows(new AccessRequest("anonymous", action, resource, context));
    }
}
