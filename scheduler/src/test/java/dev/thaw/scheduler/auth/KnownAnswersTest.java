package dev.thaw.scheduler.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures of AWS' published test suite and documentation: key AKIDEXAMPLE, 30 August 2015. */
final class KnownAnswersTest {
    private static final List<Map.Entry<String, String>> VANILLA =
            List.of(Map.entry("Host", "example.amazonaws.com"), Map.entry("X-Amz-Date", TestSigner.DATE));
    private static final List<String> SIGNED = List.of("host", "x-amz-date");

    private static String signature(
            String service,
            String method,
            String path,
            String query,
            List<Map.Entry<String, String>> headers,
            List<String> signed,
            String body) {
        RequestHead head = new RequestHead(method, path, query, headers);
        SignatureParts.Scope scope = new SignatureParts.Scope("20150830", "us-east-1", service, "aws4_request");
        String canonical = CanonicalRequest.of(head, new QueryText(query), signed, null, Hmac.hash(body));
        return Hmac.hex(Hmac.sign(
                Hmac.signingKey(TestSigner.SECRET, scope),
                "AWS4-HMAC-SHA256\n" + TestSigner.DATE + "\n" + scope + "\n" + Hmac.hash(canonical)));
    }

    private static String vanilla(String method, String path, String query) {
        return signature("service", method, path, query, VANILLA, SIGNED, "");
    }

    @Test
    void shouldDeriveTheDocumentedSigningKey() {
        SignatureParts.Scope scope = new SignatureParts.Scope("20150830", "us-east-1", "iam", "aws4_request");
        assertThat(Hmac.hex(Hmac.signingKey(TestSigner.SECRET, scope)))
                .isEqualTo("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
    }

    @Test
    void shouldSignTheDocumentedRequest() {
        String signature = signature(
                "iam",
                "GET",
                "/",
                "Action=ListUsers&Version=2010-05-08",
                List.of(
                        Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                        Map.entry("Host", "iam.amazonaws.com"),
                        Map.entry("X-Amz-Date", TestSigner.DATE)),
                List.of("content-type", "host", "x-amz-date"),
                "");
        assertThat(signature).isEqualTo("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
    }

    @Test
    void shouldSignTheSuitesPlainRequests() {
        assertThat(vanilla("GET", "/", ""))
                .isEqualTo("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
        assertThat(vanilla("POST", "/", ""))
                .isEqualTo("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
        assertThat(vanilla("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", ""))
                .isEqualTo("07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
    }

    @Test
    void shouldSortTheQuery() {
        assertThat(vanilla("GET", "/", "Param2=value2&Param1=value1"))
                .isEqualTo("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    }

    @Test
    void shouldTidyTheValuesOfHeaders() {
        String signature = signature(
                "service",
                "GET",
                "/",
                "",
                List.of(
                        Map.entry("Host", "example.amazonaws.com"),
                        Map.entry("My-Header1", " value1"),
                        Map.entry("My-Header2", " \"a   b   c\""),
                        Map.entry("X-Amz-Date", TestSigner.DATE)),
                List.of("host", "my-header1", "my-header2", "x-amz-date"),
                "");
        assertThat(signature).isEqualTo("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    }

    @Test
    void shouldSignTheBody() {
        String signature = signature(
                "service",
                "POST",
                "/",
                "",
                List.of(
                        Map.entry("Content-Type", "application/x-www-form-urlencoded"),
                        Map.entry("Host", "example.amazonaws.com"),
                        Map.entry("X-Amz-Date", TestSigner.DATE)),
                List.of("content-type", "host", "x-amz-date"),
                "Param1=value1");
        assertThat(signature).isEqualTo("ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    @Test
    void shouldEncodeAPathOnceMore() {
        assertThat(UriText.encodePath("/2015-03-31/functions/arn%3Aaws/x y"))
                .isEqualTo("/2015-03-31/functions/arn%253Aaws/x%20y");
        assertThat(UriText.encodePath("")).isEqualTo("/");
    }
}
