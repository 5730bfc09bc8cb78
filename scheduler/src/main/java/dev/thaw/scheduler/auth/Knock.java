package dev.thaw.scheduler.auth;

import dev.thaw.results.digest.Sha256;
import dev.thaw.scheduler.control.ServiceFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request at the gate: hashes its body as it comes, then says whether the signature holds, then what its sender may
 * do.
 *
 * <p>Threading: one thread at a time.
 */
public final class Knock {
    private final Gate gate;
    private final AccessKey key;
    private final RequestHead head;
    private final QueryText query;
    private final SignatureParts parts;
    private final @Nullable String declaredHash;
    private final MessageDigest body = Sha256.digest();
    private boolean proven;

    Knock(
            Gate gate,
            AccessKey key,
            RequestHead head,
            QueryText query,
            SignatureParts parts,
            @Nullable String declaredHash) {
        this.gate = gate;
        this.key = key;
        this.head = head;
        this.query = query;
        this.parts = parts;
        this.declaredHash = declaredHash;
    }

    /** The next piece of the body. */
    public void update(ByteBuffer piece) {
        body.update(piece);
    }

    /** The body is whole: null where the signature holds; else what to answer. To be called once. */
    public @Nullable ServiceFault prove() {
        String bodyHash = Hmac.hex(body.digest());
        if (declaredHash != null && !same(bodyHash, declaredHash)) {
            return Refusals.mismatch();
        }
        String canonical = CanonicalRequest.of(
                head,
                query,
                parts.signedHeaders(),
                parts.isPresigned() ? SignatureParts.QUERY_SIGNATURE : null,
                bodyHash);
        String toSign =
                SignatureParts.ALGORITHM + "\n" + parts.amzDate() + "\n" + parts.scope() + "\n" + Hmac.hash(canonical);
        byte[] expected = Hmac.sign(gate.signingKey(key, parts.scope()), toSign);
        proven = same(Hmac.hex(expected), parts.signature());
        return proven ? null : Refusals.mismatch();
    }

    /** Null where the sender, who has proven to be who it says, may do this; else what to answer. */
    public @Nullable ServiceFault permit(String action, String resource, Map<String, String> context) {
        return proven ? gate.decide(key, action, resource, context) : Refusals.mismatch();
    }

    /** The key by which the request is signed. */
    public String accessKeyId() {
        return key.id();
    }

    /** Who holds the key. */
    public String principal() {
        return key.principal();
    }

    /** Takes as long wherever they differ. */
    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
