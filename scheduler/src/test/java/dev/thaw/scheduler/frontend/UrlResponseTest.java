package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP makes of a function's response. */
final class UrlResponseTest {
    private static UrlResponse of(String response) {
        return UrlResponse.of(response.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(UrlResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static void assertInferred(String response, String body) {
        UrlResponse inferred = of(response);
        assertThat(inferred.status()).isEqualTo(200);
        assertThat(inferred.headers()).containsExactly(Map.entry("content-type", "application/json"));
        assertThat(body(inferred)).isEqualTo(body);
    }

    @Test
    void shouldInferWhatIsNotSaid() {
        assertInferred("{\"message\": \"hi\"}", "{\"message\": \"hi\"}");
        assertInferred("\"Gr\u00fc\u00dfe\"", "Gr\u00fc\u00dfe");
        assertInferred("[1, 2]", "[1, 2]");
        assertInferred("null", "null");
    }

    @Test
    void shouldTakeWhatIsSaid() {
        UrlResponse response = of("{\"statusCode\":201,\"headers\":{\"Content-Type\":\"text/plain\",\"X-N\":5,"
                + "\"Content-Length\":\"99\",\"Connection\":\"close\"},\"cookies\":[\"a=1; Secure\",\"b=2\"],"
                + "\"body\":\"aGk=\",\"isBase64Encoded\":true}");
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.headers()).containsExactly(Map.entry("Content-Type", "text/plain"), Map.entry("X-N", "5"));
        assertThat(response.cookies()).isEqualTo(List.of("a=1; Secure", "b=2"));
        assertThat(body(response)).isEqualTo("hi");
    }

    @Test
    void shouldTakeBodiesOfEveryKind() {
        assertThat(body(of("{\"statusCode\":\"200\",\"body\":{\"a\":1}}"))).isEqualTo("{\"a\":1}");
        assertThat(body(of("{\"statusCode\":200,\"body\":null}"))).isEmpty();
        assertThat(body(of("{\"statusCode\":200}"))).isEmpty();
        assertThat(of("{\"statusCode\":200}").headers()).containsExactly(Map.entry("content-type", "application/json"));
    }

    @Test
    void shouldReadAHeadThatComesFirst() {
        UrlResponse response =
                of("{\"statusCode\":404,\"headers\":{\"content-type\":\"text/html\"}}" + "\0".repeat(8) + "<p>\0</p>");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers()).containsExactly(Map.entry("content-type", "text/html"));
        assertThat(body(response)).isEqualTo("<p>\0</p>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain text",
                "{",
                "{} {}",
                "{\"statusCode\":99}",
                "{\"statusCode\":101}",
                "{\"statusCode\":600}",
                "{\"statusCode\":20.5}",
                "{\"statusCode\":\"ok\"}",
                "{\"statusCode\":null}",
                "{\"statusCode\":200,\"headers\":{\"a b\":\"c\"}}",
                "{\"statusCode\":200,\"headers\":{\"\":\"c\"}}",
                "{\"statusCode\":200,\"headers\":{\"a\":\"b\\r\\nSet-Cookie: c\"}}",
                "{\"statusCode\":200,\"headers\":{\"a\":[\"b\"]}}",
                "{\"statusCode\":200,\"cookies\":[\"a\\nb: c\"]}",
                "{\"statusCode\":200,\"body\":\"%\",\"isBase64Encoded\":true}",
            })
    void shouldAnswer502ForWhatIsNoResponse(String response) {
        UrlResponse refused = of(response);
        assertThat(refused.status()).isEqualTo(502);
        assertThat(body(refused)).isEqualTo("Internal Server Error");
    }
}
