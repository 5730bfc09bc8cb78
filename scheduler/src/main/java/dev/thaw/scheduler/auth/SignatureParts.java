package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.ServiceFault;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its signature, in its {@code Authorization} header or, presigned, in its query.
 *
 * @param scope {@code date/region/service/aws4_request}
 * @param signedHeaders names in lower case, in the order in which they were signed
 * @param signature in hex
 * @param amzDate {@code 20150830T123600Z}
 * @param expiresSec how long a presigned request holds; -1 for one that is not
 * @param token session token, or null
 */
record SignatureParts(
        String accessKeyId,
        Scope scope,
        List<String> signedHeaders,
        String signature,
        String amzDate,
        long signedEpochSec,
        long expiresSec,
        @Nullable String token) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String QUERY_SIGNATURE = "X-Amz-Signature";

    private static final long MAX_EXPIRES_SEC = 604_800;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

    /** Where and for what a signature holds. */
    record Scope(String date, String region, String service, String terminator) {
        @Override
        public String toString() {
            return date + "/" + region + "/" + service + "/" + terminator;
        }
    }

    boolean isPresigned() {
        return expiresSec >= 0;
    }

    /** Throws {@link ServiceFault} where the request is not signed, or something is missing. */
    static SignatureParts of(RequestHead head, QueryText query) {
        List<String> authorizations = head.values("Authorization");
        boolean presigned = query.has(QUERY_SIGNATURE) || query.has("X-Amz-Credential");
        if (authorizations.isEmpty()) {
            if (presigned) {
                return ofQuery(query);
            }
            throw Refusals.missingToken();
        }
        if (presigned || authorizations.size() > 1) {
            throw Refusals.incomplete("A request must be signed once: by one Authorization header or by its query.");
        }
        return ofHeader(head, authorizations.getFirst());
    }

    private static SignatureParts ofHeader(RequestHead head, String authorization) {
        int space = authorization.indexOf(' ');
        String algorithm = space < 0 ? authorization : authorization.substring(0, space);
        if (!algorithm.equals(ALGORITHM)) {
            throw Refusals.incomplete("Unsupported AWS 'algorithm': must be " + ALGORITHM + ".");
        }
        Map<String, String> fields = fields(space < 0 ? "" : authorization.substring(space + 1));
        StringBuilder missing = new StringBuilder();
        for (String name : List.of("Credential", "Signature", "SignedHeaders")) {
            if (!fields.containsKey(name)) {
                missing.append("Authorization header requires '").append(name).append("' parameter. ");
            }
        }
        String date = head.header("X-Amz-Date");
        if (date == null) {
            missing.append("Authorization header requires existence of one 'X-Amz-Date' header. ");
        }
        if (date == null || !missing.isEmpty()) {
            throw Refusals.incomplete(missing.toString().strip());
        }
        return of(fields, "", date, -1, head.header("X-Amz-Security-Token"));
    }

    private static SignatureParts ofQuery(QueryText query) {
        Map<String, String> fields = new HashMap<>();
        StringBuilder missing = new StringBuilder();
        for (String name : List.of(
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                QUERY_SIGNATURE,
                "X-Amz-SignedHeaders",
                "X-Amz-Date",
                "X-Amz-Expires")) {
            String value = query.only(name);
            if (value == null) {
                missing.append("AWS query-string parameters must include '")
                        .append(name)
                        .append("' once. ");
            } else {
                fields.put(name, value);
            }
        }
        if (!missing.isEmpty()) {
            throw Refusals.incomplete(missing + "Re-examine the query-string parameters.");
        }
        if (!ALGORITHM.equals(fields.get("X-Amz-Algorithm"))) {
            throw Refusals.incomplete("Unsupported AWS 'algorithm': must be " + ALGORITHM + ".");
        }
        long expiresSec = expires(String.valueOf(fields.get("X-Amz-Expires")));
        String date = String.valueOf(fields.get("X-Amz-Date"));
        return of(fields, "X-Amz-", date, expiresSec, query.only("X-Amz-Security-Token"));
    }

    private static SignatureParts of(
            Map<String, String> fields, String prefix, String date, long expiresSec, @Nullable String token) {
        String[] credential = value(fields, prefix + "Credential").split("/", -1);
        if (credential.length != 5) {
            throw Refusals.incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term.");
        }
        return new SignatureParts(
                credential[0],
                new Scope(credential[1], credential[2], credential[3], credential[4]),
                List.of(value(fields, prefix + "SignedHeaders").split(";", -1)),
                value(fields, prefix + "Signature"),
                date,
                epochSec(date),
                expiresSec,
                token);
    }

    private static String value(Map<String, String> fields, String name) {
        return String.valueOf(fields.get(name));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length != 2 || fields.put(pair[0], pair[1]) != null) {
                throw Refusals.incomplete("Authorization header must be a list of name=value, each name once.");
            }
        }
        return fields;
    }

    private static long expires(String text) {
        try {
            long seconds = Long.parseLong(text);
            if (seconds >= 0 && seconds <= MAX_EXPIRES_SEC) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw Refusals.incomplete("X-Amz-Expires must be a number of seconds, 0 to " + MAX_EXPIRES_SEC + ".");
        }
        throw Refusals.incomplete("X-Amz-Expires must be 0 to " + MAX_EXPIRES_SEC + " seconds.");
    }

    private static long epochSec(String date) {
        try {
            return LocalDateTime.parse(date, TIME).toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Refusals.incomplete("Date must be in ISO-8601 'basic format', e.g. 20150830T123600Z.");
        }
    }

    /** As {@link #amzDate} writes it. */
    static String text(long epochSec) {
        return TIME.format(LocalDateTime.ofEpochSecond(epochSec, 0, ZoneOffset.UTC));
    }
}
