package dev.thaw.scheduler.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.digest.Sha256;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.policy.PolicyBook;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.CachedEpochClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gate lets in, and by which error it refuses the rest. */
final class GateTest {
    private static final String PATH = "/2015-03-31/functions/f/invocations";
    private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

    private final CachedEpochClock clock = new CachedEpochClock();
    private final TestSigner signer = new TestSigner();
    private final Gate gate = TestSigner.gate(new PolicyBook(), clock);
    private String query = "";
    private String path = PATH;
    private byte[] body = BODY;

    @BeforeEach
    void setTime() {
        clock.update(TestSigner.NOW_EPOCH_MS);
    }

    private Map<String, String> signed() {
        return signed(Map.of());
    }

    private Map<String, String> signed(Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Host", "127.0.0.1:9001");
        headers.put("X-Amz-Invocation-Type", "RequestResponse");
        return signer.sign("POST", PATH, query, headers, BODY);
    }

    private @Nullable String refusal(Map<String, String> headers) {
        return refusal(gate, "POST", headers);
    }

    private @Nullable String refusal(Gate asked, String method, Map<String, String> headers) {
        try {
            Knock knock = asked.knock(new RequestHead(method, path, query, new ArrayList<>(headers.entrySet())));
            knock.update(ByteBuffer.wrap(body));
            ServiceFault fault = knock.prove();
            return fault == null ? null : describe(fault);
        } catch (ServiceFault fault) {
            return describe(fault);
        }
    }

    private static String describe(ServiceFault fault) {
        assertThat(fault.status()).isEqualTo(403);
        assertThat(fault.text()).doesNotContain(TestSigner.SECRET);
        return fault.errorType() + ": " + fault.text();
    }

    @Test
    void shouldLetInWhatIsSigned() {
        assertThat(refusal(signed())).isNull();
        query = "Qualifier=%24LATEST&a=b+c&z";
        assertThat(refusal(signed())).isNull();
    }

    @Test
    void shouldRefuseWhatIsNotSigned() {
        assertThat(refusal(Map.of("Host", "x")))
                .isEqualTo("MissingAuthenticationTokenException: Missing Authentication Token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bearer x | Unsupported AWS 'algorithm'",
                "AWS4-HMAC-SHA256 Credential=a/b/c/d/e | requires 'Signature' parameter",
                "AWS4-HMAC-SHA256 Signature=a, SignedHeaders=host | requires 'Credential' parameter",
                "AWS4-HMAC-SHA256 Credential=a, Signature=a, SignedHeaders=host | exactly 5 slash-delimited elements",
                "AWS4-HMAC-SHA256 Credential=a, Credential=b, Signature=a, SignedHeaders=host | each name once",
                "AWS4-HMAC-SHA256 | list of name=value",
            })
    void shouldNameWhatASignatureLacks(String authorization, String problem) {
        Map<String, String> headers = signed();
        headers.put("Authorization", authorization);
        assertThat(refusal(headers))
                .startsWith("IncompleteSignatureException: ")
                .contains(problem)
                .doesNotContain(authorization);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20150830", "2015-08-30T12:36:00Z", "20150230T123600Z", "20150830T256000Z"})
    void shouldRefuseADateThatIsNone(String date) {
        Map<String, String> headers = signed();
        headers.put("X-Amz-Date", date);
        assertThat(refusal(headers)).startsWith("IncompleteSignatureException: Date must be in ISO-8601");
    }

    @Test
    void shouldRefuseARequestWithoutDate() {
        Map<String, String> headers = signed();
        headers.remove("X-Amz-Date");
        assertThat(refusal(headers))
                .startsWith("IncompleteSignatureException: ")
                .contains("'X-Amz-Date'");
    }

    @Test
    void shouldRefuseAnUnknownKeyAndAWrongSecret() {
        signer.secret = TestSigner.SECRET.replace('w', 'v');
        assertThat(refusal(signed())).startsWith("InvalidSignatureException: The request signature we calculated");
        signer.keyId = "AKIDOTHER";
        assertThat(refusal(signed()))
                .isEqualTo("UnrecognizedClientException: The security token included in the request is invalid.");
    }

    @ParameterizedTest
    @CsvSource({"-300,", "-301,Signature not yet current", "300,", "301,Signature expired"})
    void shouldBoundTheSkewOfClocks(int laterSec, @Nullable String problem) {
        clock.update(TestSigner.NOW_EPOCH_MS + laterSec * 1_000L);
        if (problem == null) {
            assertThat(refusal(signed())).isNull();
        } else {
            assertThat(refusal(signed())).startsWith("InvalidSignatureException: " + problem);
        }
    }

    @Test
    void shouldRefuseAnotherRegionServiceOrDay() {
        signer.region = "eu-west-1";
        assertThat(refusal(signed()))
                .contains("InvalidSignatureException: Credential should be scoped to a valid region");
        signer.region = "us-east-1";
        signer.service = "s3";
        assertThat(refusal(signed()))
                .contains("InvalidSignatureException: Credential should be scoped to correct service");
        signer.service = "lambda";
        Map<String, String> headers = signed();
        headers.computeIfPresent("Authorization", (name, value) -> value.replace("/20150830/", "/20150829/"));
        assertThat(refusal(headers)).contains("InvalidSignatureException: Date in Credential scope does not match");
    }

    @Test
    void shouldRefuseWhatWasChanged() {
        String mismatch = "InvalidSignatureException: The request signature we calculated";
        Map<String, String> headers = signed();
        assertThat(refusal(gate, "PUT", headers)).startsWith(mismatch);
        path = "/2015-03-31/functions/g/invocations";
        assertThat(refusal(headers)).startsWith(mismatch);
        path = PATH;
        query = "Qualifier=1";
        assertThat(refusal(headers)).startsWith(mismatch);
        query = "";
        body = new byte[0];
        assertThat(refusal(headers)).startsWith(mismatch);
        body = BODY;
        headers.put("Host", "other");
        assertThat(refusal(headers)).startsWith(mismatch);
        headers.put("Host", "127.0.0.1:9001");
        headers.put("X-Amz-Invocation-Type", "Event");
        assertThat(refusal(headers)).startsWith(mismatch);
        headers.remove("X-Amz-Invocation-Type");
        assertThat(refusal(headers)).startsWith(mismatch);
    }

    @Test
    void shouldRefuseAHeaderOfTheServiceThatIsNotSigned() {
        Map<String, String> headers = signed();
        headers.put("X-Amz-Client-Context", "e30=");
        assertThat(refusal(headers)).contains("'x-amz-client-context' must be a 'SignedHeader'");
        headers.remove("X-Amz-Client-Context");
        headers.put("User-Agent", "anything");
        assertThat(refusal(headers)).isNull();
    }

    @Test
    void shouldWantTheHostSigned() {
        Map<String, String> headers = signed();
        headers.computeIfPresent(
                "Authorization", (name, value) -> value.replace("SignedHeaders=host;", "SignedHeaders="));
        assertThat(refusal(headers)).contains("'Host' must be a 'SignedHeader'");
    }

    @Test
    void shouldHoldTheBodyToTheHashThatIsDeclared() {
        String hash = Sha256.hex(BODY);
        assertThat(refusal(signed(Map.of("X-Amz-Content-Sha256", hash)))).isNull();
        Map<String, String> unsigned = signed();
        unsigned.put("X-Amz-Content-Sha256", hash.replace(hash.charAt(0), 'x'));
        assertThat(refusal(unsigned)).startsWith("InvalidSignatureException: The request signature we calculated");
        for (String kind : List.of("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
            assertThat(refusal(signed(Map.of("X-Amz-Content-Sha256", kind))))
                    .contains("InvalidSignatureException: x-amz-content-sha256: must be the SHA-256 of the body");
        }
    }

    @Test
    void shouldHoldSessionTokensToTheirKeysAndTimes() {
        Instant end = Instant.ofEpochMilli(TestSigner.NOW_EPOCH_MS + 1_000);
        AccessKey key = new AccessKey(TestSigner.KEY_ID, TestSigner.SECRET, "tok", end, "arn:aws:iam::0:u", null);
        Gate temporary = new Gate(new KeyFile.Content(Map.of(key.id(), key), null), new PolicyBook(), clock);
        assertThat(refusal(temporary, "POST", signed())).startsWith("UnrecognizedClientException");
        signer.token = "tik";
        assertThat(refusal(temporary, "POST", signed())).startsWith("UnrecognizedClientException");
        assertThat(refusal(signed())).startsWith("UnrecognizedClientException");
        signer.token = "tok";
        assertThat(refusal(temporary, "POST", signed())).isNull();
        clock.update(end.toEpochMilli());
        assertThat(refusal(temporary, "POST", signed())).startsWith("ExpiredTokenException");
    }

    @Test
    void shouldLetPresignedRequestsInForTheirTime() {
        Map<String, String> headers = Map.of("Host", "h");
        body = new byte[0];
        path = "/";
        query = signer.presign("GET", "/", "h", 600);
        clock.update(TestSigner.NOW_EPOCH_MS + 600_000);
        assertThat(refusal(gate, "GET", headers)).isNull();
        assertThat(refusal(gate, "POST", headers)).startsWith("InvalidSignatureException: The request signature");
        clock.update(TestSigner.NOW_EPOCH_MS + 601_000);
        assertThat(refusal(gate, "GET", headers)).startsWith("InvalidSignatureException: Signature expired");
        clock.update(TestSigner.NOW_EPOCH_MS);
        query = query.replace("X-Amz-Expires=600", "X-Amz-Expires=601");
        assertThat(refusal(gate, "GET", headers)).startsWith("InvalidSignatureException: The request signature");
        query = query.replace("X-Amz-Expires=601", "X-Amz-Expires=604801");
        assertThat(refusal(gate, "GET", headers)).startsWith("IncompleteSignatureException: X-Amz-Expires");
        query = query + "&X-Amz-Date=20150830T123600Z";
        assertThat(refusal(gate, "GET", headers)).contains("must include 'X-Amz-Date' once");
        assertThat(refusal(gate, "GET", signed())).contains("signed once");
    }

    @Test
    void shouldPermitNothingBeforeTheProof() {
        Knock knock = gate.knock(new RequestHead("POST", PATH, "", new ArrayList<>(signed().entrySet())));
        assertThat(knock.permit("lambda:GetFunction", "*", Map.of())).isNotNull();
        knock.update(ByteBuffer.wrap(BODY));
        assertThat(knock.prove()).isNull();
        assertThat(knock.permit("lambda:GetFunction", "*", Map.of())).isNull();
    }

    @Test
    void shouldLookAtTheFormAloneWithoutKeys() {
        signer.secret = "unknown";
        RequestHead head = new RequestHead("POST", PATH, "", new ArrayList<>(signed().entrySet()));
        Gate.inspect(head, clock);
        assertThat(Gate.isSigned(head)).isTrue();
        clock.update(TestSigner.NOW_EPOCH_MS + 301_000);
        assertThatThrownBy(() -> Gate.inspect(head, clock)).hasMessageContaining("Signature expired");
        assertThat(Gate.isSigned(new RequestHead("GET", "/", "a=b", List.of()))).isFalse();
    }

    @Test
    void shouldPresignItsOwnPagesForATimeAndForNothingElse() {
        CachedEpochClock time = new CachedEpochClock();
        time.update(TestSigner.NOW_EPOCH_MS);
        Gate gate = TestSigner.gate(new PolicyBook(), time);
        String query = gate.presignedPage("here:1", "/_thaw/code/ab", 600);
        assertThat(mayRead(gate, "GET", "/_thaw/code/ab", query)).isTrue();
        assertThat(mayRead(gate, "GET", "/_thaw/code/ac", query)).isFalse();
        assertThat(mayRead(gate, "POST", "/_thaw/code/ab", query)).isFalse();
        time.update(TestSigner.NOW_EPOCH_MS + 600_000);
        assertThat(mayRead(gate, "GET", "/_thaw/code/ab", query)).isTrue();
        time.update(TestSigner.NOW_EPOCH_MS + 601_000);
        assertThatThrownBy(() -> mayRead(gate, "GET", "/_thaw/code/ab", query))
                .hasMessageContaining("Signature expired");
    }

    /** By its signature; it may do nothing else. */
    private static boolean mayRead(Gate gate, String method, String path, String query) {
        Knock knock = gate.knock(new RequestHead(method, path, query, List.of(Map.entry("Host", "here:1"))));
        boolean proven = knock.prove() == null;
        assertThat(knock.permit("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:000000000000:function:f", Map.of()))
                .isNotNull();
        return proven && knock.permit(Gate.READ_PACKAGE, "*", Map.of()) == null;
    }
}
