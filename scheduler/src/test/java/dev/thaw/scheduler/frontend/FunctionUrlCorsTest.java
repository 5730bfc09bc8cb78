package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.control.url.Cors;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What function URLs say to pages of other origins. */
final class FunctionUrlCorsTest {
    private static final String A = "https://a.example";
    private static final String B = "http://b.example:8080";
    private static final List<String> ANY = List.of("*");

    private SignedClient client = SignedClient.withoutKeys();

    private void open(@Nullable Cors cors) {
        client.addUrl(FunctionUrl.NONE, FunctionUrl.BUFFERED, cors);
    }

    private static Cors origins(String... origins) {
        return new Cors(null, null, null, List.of(origins), null, null);
    }

    private String ask(String origin, Map<String, String> wanted) {
        Map<String, String> headers = new HashMap<>(Map.of("Host", SignedClient.URL_HOST, "Origin", origin));
        headers.putAll(wanted);
        String answer = client.exchange("OPTIONS", "/", headers, "");
        assertThat(client.functionWasCalled()).isFalse();
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 0\r\n");
        return answer;
    }

    private String ask(String origin, String method) {
        return ask(origin, Map.of("Access-Control-Request-Method", method));
    }

    /** The function's own answer, as a page of that origin gets it; null is no page's request. */
    private String get(@Nullable String origin, String response) {
        Map<String, String> headers = new HashMap<>(Map.of("Host", SignedClient.URL_HOST));
        if (origin != null) {
            headers.put("Origin", origin);
        }
        client.send("GET", "/", headers, "");
        Exchange exchange = client.frontEnd.takeExchange();
        Objects.requireNonNull(exchange.payload).release();
        exchange.payload = null;
        exchange.response = Unpooled.copiedBuffer(response, StandardCharsets.UTF_8);
        Objects.requireNonNull(exchange.sink).answer(exchange, Outcome.RESPONSE);
        return client.read();
    }

    @Test
    void shouldAnswerBrowsersThatAskFirst() {
        client = SignedClient.withKeys();
        client.addUrl(
                FunctionUrl.AWS_IAM,
                FunctionUrl.BUFFERED,
                new Cors(true, List.of("X-Key"), List.of("GET", "PUT"), List.of(A), List.of("X-Out"), 60));
        assertThat(ask(A, "PUT"))
                .contains(
                        "access-control-allow-origin: " + A + "\r\n",
                        "access-control-allow-credentials: true\r\n",
                        "access-control-allow-methods: GET,PUT\r\n",
                        "access-control-allow-headers: X-Key\r\n",
                        "access-control-max-age: 60\r\n",
                        "vary: Origin")
                .doesNotContain("access-control-expose-headers");
        assertThat(ask("https://b.example", "PUT")).doesNotContain("access-control-");
    }

    /** Whichever is asked for, the answer is what is configured: the browser compares. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void shouldSayEveryConfiguredMethodAndHeader(String method) {
        open(new Cors(null, List.of("X-One", "content-type"), List.of("GET", "PUT", "DELETE"), ANY, null, null));
        assertThat(ask(A, Map.of("Access-Control-Request-Method", method, "Access-Control-Request-Headers", "x-one")))
                .contains(
                        "access-control-allow-methods: GET,PUT,DELETE\r\n",
                        "access-control-allow-headers: X-One,content-type\r\n");
    }

    @Test
    void shouldNameTheOriginThatAsksWhereSeveralAreConfigured() {
        open(origins(A, B));
        assertThat(ask(A, "GET")).contains("access-control-allow-origin: " + A + "\r\n");
        assertThat(ask(B, "GET")).contains("access-control-allow-origin: " + B + "\r\n");
        for (String other : List.of("http://a.example", A + ":8443", A + ".evil", "https://A.example", "null")) {
            assertThat(ask(other, "GET")).as(other).doesNotContain("access-control-");
        }
    }

    @Test
    void shouldSayWildcardsAsTheyAreWhereThereAreNoCredentials() {
        open(new Cors(false, ANY, ANY, ANY, ANY, 0));
        assertThat(ask(A, Map.of("Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "x-one")))
                .contains(
                        "access-control-allow-origin: *\r\n",
                        "access-control-allow-methods: *\r\n",
                        "access-control-allow-headers: *\r\n",
                        "access-control-max-age: 0\r\n")
                .doesNotContain("access-control-allow-credentials");
        assertThat(get(A, "{}")).contains("access-control-allow-origin: *\r\n", "access-control-expose-headers: *\r\n");
    }

    /** Browsers take no wildcard where credentials are sent. */
    @Test
    void shouldNameWhatIsAskedForInsteadOfWildcardsWhereThereAreCredentials() {
        open(new Cors(true, ANY, ANY, ANY, null, 86_400));
        assertThat(ask(
                        A,
                        Map.of(
                                "Access-Control-Request-Method",
                                "PUT",
                                "Access-Control-Request-Headers",
                                "x-one,x-two")))
                .contains(
                        "access-control-allow-origin: " + A + "\r\n",
                        "access-control-allow-credentials: true\r\n",
                        "access-control-allow-methods: PUT\r\n",
                        "access-control-allow-headers: x-one,x-two\r\n",
                        "access-control-max-age: 86400\r\n");
        assertThat(get(B, "{}"))
                .contains("access-control-allow-origin: " + B + "\r\n", "access-control-allow-credentials: true\r\n");
    }

    @Test
    void shouldSayNothingThatIsNotConfigured() {
        open(origins(A));
        assertThat(ask(A, "GET"))
                .contains("access-control-allow-origin: " + A + "\r\n")
                .doesNotContain(
                        "access-control-allow-methods",
                        "access-control-allow-headers",
                        "access-control-allow-credentials",
                        "access-control-max-age");
        open(new Cors(true, ANY, ANY, null, ANY, 1));
        assertThat(ask(A, "GET")).as("no origin is allowed").doesNotContain("access-control-");
    }

    @Test
    void shouldAddItsHeadersToAnswers() {
        open(new Cors(null, null, null, ANY, List.of("X-Out", "X-More"), 60));
        assertThat(get(A, "{\"statusCode\":200,\"headers\":{\"Access-Control-Allow-Origin\":\"https://evil\"}}"))
                .contains(
                        "access-control-allow-origin: *\r\n",
                        "access-control-expose-headers: X-Out,X-More\r\n",
                        "vary: Origin\r\n")
                .doesNotContain("evil", "access-control-max-age", "access-control-allow-methods");
    }

    @Test
    void shouldSayNothingToRequestsOfNoPageOrOfAnotherOrigin() {
        open(new Cors(true, ANY, ANY, List.of(A), ANY, 60));
        String evil = "{\"statusCode\":200,\"headers\":{\"access-control-allow-origin\":\"*\"},\"body\":\"hi\"}";
        for (String origin : new String[] {null, B}) {
            assertThat(get(origin, evil))
                    .as(String.valueOf(origin))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("hi")
                    .contains("vary: Origin\r\n")
                    .doesNotContain("access-control-");
        }
    }

    /** What asks for no method, comes from no page, or finds no configuration, is a request like any other. */
    @Test
    void shouldGiveTheFunctionWhatIsNoPreflight() {
        Map<String, String> host = Map.of("Host", SignedClient.URL_HOST);
        Map<String, String> noMethod = Map.of("Host", SignedClient.URL_HOST, "Origin", A);
        Map<String, String> noOrigin = Map.of("Host", SignedClient.URL_HOST, "Access-Control-Request-Method", "GET");
        open(origins("*"));
        for (Map<String, String> headers : List.of(host, noMethod, noOrigin)) {
            assertReachesTheFunction(headers);
        }
        open(null);
        assertReachesTheFunction(
                Map.of("Host", SignedClient.URL_HOST, "Origin", A, "Access-Control-Request-Method", "GET"));
    }

    private void assertReachesTheFunction(Map<String, String> headers) {
        client.send("OPTIONS", "/", headers, "");
        Exchange exchange = client.frontEnd.takeExchange();
        Objects.requireNonNull(exchange.payload).release();
        exchange.payload = null;
        exchange.response = Unpooled.copiedBuffer("\"of the function\"", StandardCharsets.UTF_8);
        Objects.requireNonNull(exchange.sink).answer(exchange, Outcome.RESPONSE);
        assertThat(client.read()).endsWith("of the function");
    }
}
