package dev.thaw.scheduler.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our own signatures: what a gate takes, and no other request with them. */
final class SignerTest {
    private static final byte[] BODY = "xx{}x".getBytes(StandardCharsets.UTF_8);
    private static final long A_DAY_MS = 86_400_000;

    private long nowMs = TestSigner.NOW_EPOCH_MS;

    private static RequestHead head(Map<String, String> headers) {
        List<Map.Entry<String, String>> all = new ArrayList<>(headers.entrySet());
        all.add(Map.entry("Host", "127.0.0.1:9001"));
        all.add(Map.entry("X-Amz-Log-Type", "Tail"));
        all.add(Map.entry("Content-Type", "application/json"));
        return new RequestHead("POST", "/2015-03-31/functions/a%3Ab/invocations", "Qualifier=%241", all);
    }

    private boolean isLetIn(@Nullable String token, Map<String, String> headers, String body) {
        AccessKey key = new AccessKey(TestSigner.KEY_ID, TestSigner.SECRET, token, null, "arn:aws:iam::0:user/a", null);
        Gate gate = new Gate(new KeyFile.Content(Map.of(key.id(), key), null), new PolicyBook(), () -> nowMs);
        Knock knock = gate.knock(head(headers));
        knock.update(java.nio.ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
        return knock.prove() == null;
    }

    @Test
    void shouldSignWhatAGateTakes() {
        for (String token : new String[] {null, "session-token"}) {
            Signer signer = new Signer(new Credentials(TestSigner.KEY_ID, TestSigner.SECRET, token), head(Map.of()));
            Map<String, String> headers = signer.sign(BODY, 2, 2, nowMs);
            assertThat(isLetIn(token, headers, "{}")).isTrue();
            assertThat(isLetIn(token, headers, "[]")).isFalse();
        }
    }

    @Test
    void shouldMoveWithTheTimeAndKeepItsLength() {
        Signer signer = new Signer(new Credentials(TestSigner.KEY_ID, TestSigner.SECRET, null), head(Map.of()));
        Map<String, String> before = signer.sign(BODY, 0, 0, nowMs);
        nowMs += A_DAY_MS;
        Map<String, String> after = signer.sign(BODY, 2, 2, nowMs);
        assertThat(isLetIn(null, after, "{}")).isTrue();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.toString()).hasSameSizeAs(before.toString()).isNotEqualTo(before.toString());
    }
}
