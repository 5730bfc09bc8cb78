package dev.thaw.scheduler.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.scheduler.auth.TestSigner;
import dev.thaw.scheduler.control.url.Cors;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.live.Exchange;
import dev.thaw.scheduler.live.ResponseStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Function URLs: events, answers, streams, and who may call them. The function is the test. */
final class FunctionUrlTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> HOST = Map.of("Host", SignedClient.URL_HOST);
    private static final String PRELUDE_TYPE = UrlResponse.INTEGRATION_TYPE;

    private SignedClient client = SignedClient.withoutKeys();

    private void open(String authType, String invokeMode, @Nullable Cors cors) {
        client.addUrl(authType, invokeMode, cors);
    }

    private void open() {
        open(FunctionUrl.NONE, FunctionUrl.BUFFERED, null);
    }

    private Exchange taken() {
        Exchange exchange = client.frontEnd.takeExchange();
        Objects.requireNonNull(exchange.payload).release();
        exchange.payload = null;
        return exchange;
    }

    private JsonNode event() {
        Exchange exchange = client.frontEnd.takeExchange();
        ByteBuf payload = Objects.requireNonNull(exchange.payload);
        JsonNode event = JSON.readTree(payload.toString(StandardCharsets.UTF_8));
        payload.release();
        exchange.payload = null;
        end(exchange, "{}", Outcome.RESPONSE);
        client.read();
        return event;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static void end(Exchange exchange, @Nullable String response, Outcome outcome) {
        exchange.response = response == null ? null : text(response);
        exchange.functionFailed = outcome != Outcome.RESPONSE;
        Objects.requireNonNull(exchange.sink).answer(exchange, outcome);
    }

    private String answered(String method, String response) {
        client.send(method, "/", HOST, "");
        end(taken(), response, Outcome.RESPONSE);
        return client.read();
    }

    @Test
    void shouldWordTheEventInFormatTwo() {
        open();
        Map<String, String> headers = new HashMap<>(HOST);
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "me/1");
        headers.put("Cookie", "a=1; b=2");
        headers.put("X-Amzn-Trace-Id", "Root=1-2-3");
        client.send("POST", "/my/pa%20th?p=1&p=2&q=%26&r", headers, "{\"x\":\"\u00e9\"}");
        JsonNode event = event();
        JsonNode context = event.path("requestContext");
        String requestId = context.path("requestId").stringValue("");
        assertThat(requestId).hasSize(36);
        String host = SignedClient.URL_HOST.replace(":9001", "");
        assertThat(event)
                .isEqualTo(JSON.readTree("""
                {"version":"2.0","routeKey":"$default","rawPath":"/my/pa%20th","rawQueryString":"p=1&p=2&q=%26&r",
                 "cookies":["a=1","b=2"],
                 "headers":{"content-length":"10","content-type":"application/json","host":"HOST:9001",
                   "user-agent":"me/1","x-amzn-trace-id":"Root=1-2-3","x-forwarded-for":"","x-forwarded-port":"9001","x-forwarded-proto":"http"},
                 "queryStringParameters":{"p":"1,2","q":"&","r":""},
                 "requestContext":{"accountId":"anonymous","apiId":"abc","domainName":"HOST","domainPrefix":"abc",
                   "http":{"method":"POST","path":"/my/pa%20th","protocol":"HTTP/1.1","sourceIp":"","userAgent":"me/1"},
                   "requestId":"ID","routeKey":"$default","stage":"$default",
                   "time":"30/Aug/2015:12:36:00 +0000","timeEpoch":1440938160000},
                 "body":"{\\"x\\":\\"\u00e9\\"}","isBase64Encoded":false}
                """.replace("HOST", host).replace("\"ID\"", "\"" + requestId + "\"")));
    }

    @Test
    void shouldGiveBinaryBodiesInBase64() {
        open();
        for (String type : List.of("application/octet-stream", "application/x-www-form-urlencoded", "")) {
            Map<String, String> headers = new HashMap<>(HOST);
            if (!type.isEmpty()) {
                headers.put("Content-Type", type);
            }
            client.send("PUT", "/", headers, "a=1");
            JsonNode event = event();
            assertThat(event.path("isBase64Encoded").booleanValue()).as(type).isTrue();
            assertThat(event.path("body").stringValue()).isEqualTo("YT0x");
        }
        client.send("GET", "/", HOST, "");
        JsonNode event = event();
        assertThat(event.path("isBase64Encoded").booleanValue()).isFalse();
        assertThat(event.has("body")).isFalse();
        assertThat(event.has("queryStringParameters")).isFalse();
        assertThat(event.has("cookies")).isFalse();
    }

    @Test
    void shouldBeReachedByPathToo() {
        open();
        client.send("GET", "/_url/abc/deep/er?a=b", Map.of("Host", "127.0.0.1:1"), "");
        JsonNode event = event();
        assertThat(event.path("rawPath").stringValue()).isEqualTo("/deep/er");
        assertThat(event.path("rawQueryString").stringValue()).isEqualTo("a=b");
        client.send("GET", "/_url/abc", Map.of("Host", "127.0.0.1:1"), "");
        assertThat(event().path("rawPath").stringValue()).isEqualTo("/");
    }

    @Test
    void shouldNotServeTheApiUnderAUrlsName() {
        open();
        client.send("POST", EmbeddedFrontEnd.ECHO, HOST, "not json");
        assertThat(event().path("rawPath").stringValue()).isEqualTo(EmbeddedFrontEnd.ECHO);
    }

    @Test
    void shouldNotKnowOthers() {
        open();
        String other = SignedClient.URL_HOST.replace("abc", "abd");
        for (String answer : List.of(
                client.exchange("GET", "/", Map.of("Host", other), ""),
                client.exchange("GET", "/_url/none/", Map.of("Host", "x"), ""))) {
            assertThat(answer)
                    .startsWith("HTTP/1.1 403")
                    .contains("x-amzn-ErrorType: AccessDeniedException\r\n")
                    .endsWith("{\"Message\":null}");
        }
        client.urls.put("echo:$LATEST", null);
        assertThat(client.exchange("POST", EmbeddedFrontEnd.ECHO, HOST, "{}"))
                .as("a deleted one's name does not become the API's")
                .startsWith("HTTP/1.1 403");
        assertThat(client.exchange("GET", "/_url/abc/", Map.of("Host", "x"), ""))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void shouldMapTheResponse() {
        open();
        assertThat(answered(
                        "GET",
                        "{\"statusCode\":201,\"headers\":{\"X-A\":\"b\"},\"cookies\":[\"c=d\"],\"body\":\"hi\"}"))
                .startsWith("HTTP/1.1 201 Created\r\nX-A: b\r\ncontent-type: application/json\r\nSet-Cookie: c=d\r\n")
                .contains("\r\nx-amzn-RequestId: ", "\r\nX-Amzn-Trace-Id: Root=", "\r\nContent-Length: 2\r\n")
                .endsWith("\r\n\r\nhi");
        assertThat(answered("GET", "{\"a\":1}"))
                .startsWith("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                .endsWith("\r\n\r\n{\"a\":1}");
        assertThat(answered("HEAD", "{\"statusCode\":200,\"body\":\"hi\"}"))
                .contains("Content-Length: 2\r\n")
                .endsWith("\r\n\r\n");
        assertThat(answered("GET", "{\"statusCode\":204}"))
                .startsWith("HTTP/1.1 204 No Content\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldAnswer502WhereTheFunctionFails() {
        open();
        client.send("GET", "/", HOST, "");
        end(taken(), "{\"errorMessage\":\"secret\"}", Outcome.FUNCTION_ERROR);
        assertThat(client.read())
                .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                .contains("content-type: application/json\r\n", "Content-Length: 21\r\n")
                .endsWith("\r\n\r\nInternal Server Error");
        client.send("GET", "/", HOST, "");
        Exchange refused = taken();
        Objects.requireNonNull(refused.sink).refuse(refused, Refusal.CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
        assertThat(client.read()).startsWith("HTTP/1.1 429").contains("Rate Exceeded");
    }

    @Test
    void shouldRefuseMoreThanAnEventHolds() {
        open();
        EmbeddedFrontEnd.send(
                client.channel,
                "POST / HTTP/1.1\r\nHost: " + SignedClient.URL_HOST + "\r\nContent-Length: 6291457\r\n\r\n");
        client.channel.writeInbound(Unpooled.wrappedBuffer(new byte[6_291_457]));
        assertThat(client.read()).startsWith("HTTP/1.1 413").contains("RequestTooLargeException");
        assertThat(client.functionWasCalled()).isFalse();
        assertThat(client.frontEnd.budget.heldBytes()).isZero();
    }

    @Test
    void shouldRefuseUnsignedRequestsWithoutCallingTheFunction() {
        open(FunctionUrl.AWS_IAM, FunctionUrl.BUFFERED, null);
        for (SignedClient server : List.of(client, SignedClient.withKeys())) {
            server.addUrl(FunctionUrl.AWS_IAM, FunctionUrl.BUFFERED, null);
            assertThat(server.exchange("GET", "/", HOST, ""))
                    .startsWith("HTTP/1.1 403 Forbidden\r\n")
                    .contains("x-amzn-ErrorType: AccessDeniedException\r\n")
                    .endsWith("{\"Message\":\"Forbidden\"}");
            assertThat(server.functionWasCalled()).isFalse();
        }
    }

    @Test
    void shouldLookAtTheFormOfASignatureWithoutKeys() {
        open(FunctionUrl.AWS_IAM, FunctionUrl.BUFFERED, null);
        client.signer.secret = "anybody's";
        Map<String, String> headers = client.signer.sign("GET", "/", "", HOST, new byte[0]);
        client.send("GET", "/", headers, "");
        assertThat(event().path("requestContext").has("authorizer")).isFalse();
        client.clock.update(TestSigner.NOW_EPOCH_MS + 301_000);
        assertThat(client.exchange("GET", "/", headers, ""))
                .startsWith("HTTP/1.1 403")
                .contains("Signature expired");
    }

    @Test
    void shouldTellTheFunctionWhoSigned() {
        client = SignedClient.withKeys();
        open(FunctionUrl.AWS_IAM, FunctionUrl.BUFFERED, null);
        Map<String, String> headers = client.signer.sign("GET", "/a", "b=c", HOST, new byte[0]);
        client.send("GET", "/a?b=c", headers, "");
        JsonNode context = event().path("requestContext");
        assertThat(context.path("accountId").stringValue()).isEqualTo("000000000000");
        assertThat(context.path("authorizer").path("iam").path("userArn").stringValue())
                .isEqualTo("arn:aws:iam::000000000000:user/alice");
        assertThat(client.exchange("GET", "/a?b=d", headers, ""))
                .startsWith("HTTP/1.1 403")
                .contains("InvalidSignatureException");
        assertThat(client.functionWasCalled()).isFalse();
    }

    @Test
    void shouldAskPoliciesWhoMayCall() {
        client = new SignedClient(
                (policies, clock) -> TestSigner.gate(policies, clock, "user/bob", "lambda:InvokeFunction", "*"));
        open(FunctionUrl.AWS_IAM, FunctionUrl.BUFFERED, null);
        Map<String, String> headers = client.signer.sign("GET", "/", "", HOST, new byte[0]);
        assertThat(client.exchange("GET", "/", headers, "")).endsWith("{\"Message\":\"Forbidden\"}");
        client.grant(
                "echo:$LATEST",
                "000000000000",
                "lambda:InvokeFunctionUrl",
                Map.of("lambda:FunctionUrlAuthType", "AWS_IAM"));
        client.send("GET", "/", headers, "");
        assertThat(event().path("rawPath").stringValue()).isEqualTo("/");

        open(FunctionUrl.NONE, FunctionUrl.BUFFERED, null);
        assertThat(client.exchange("GET", "/", HOST, "")).endsWith("{\"Message\":\"Forbidden\"}");
        client.grant("echo:$LATEST", "*", "lambda:InvokeFunctionUrl", Map.of("lambda:FunctionUrlAuthType", "NONE"));
        client.send("GET", "/", HOST, "");
        assertThat(event().path("requestContext").path("accountId").stringValue())
                .isEqualTo("anonymous");
    }

    private ResponseStream begin(Exchange exchange, String contentType) {
        ResponseStream stream = Objects.requireNonNull(exchange.stream);
        stream.begin(contentType, client.channel.eventLoop(), () -> {});
        return stream;
    }

    @Test
    void shouldStreamWithTheHeadThatComesFirst() {
        open(FunctionUrl.NONE, FunctionUrl.RESPONSE_STREAM, null);
        client.send("GET", "/", HOST, "");
        Exchange exchange = taken();
        ResponseStream stream = begin(exchange, PRELUDE_TYPE);
        stream.write(text("{\"statusCode\":206,\"headers\":{\"Content-Type\":\"text/x\"},"));
        assertThat(client.read()).isEmpty();
        stream.write(text("\"cookies\":[\"a=b\"]}\0\0\0"));
        stream.write(text("\0\0\0\0\0first"));
        assertThat(client.read())
                .startsWith("HTTP/1.1 206 Partial Content\r\nContent-Type: text/x\r\nSet-Cookie: a=b\r\n")
                .endsWith("Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        stream.write(text("second"));
        assertThat(client.read()).isEqualTo("6\r\nsecond\r\n");
        end(exchange, null, Outcome.RESPONSE);
        assertThat(client.read()).isEqualTo("0\r\n\r\n");
        assertThat(client.channel.isOpen()).isTrue();
    }

    @Test
    void shouldStreamEverythingElseAsItIs() {
        open(FunctionUrl.NONE, FunctionUrl.RESPONSE_STREAM, null);
        client.send("GET", "/", HOST, "");
        Exchange exchange = taken();
        begin(exchange, "text/html").write(text("<p>"));
        assertThat(client.read())
                .startsWith("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n")
                .endsWith("3\r\n<p>\r\n");
        end(exchange, null, Outcome.RESPONSE);
        assertThat(client.read()).isEqualTo("0\r\n\r\n");

        client.send("GET", "/", HOST, "");
        end(taken(), "{\"statusCode\":500}", Outcome.RESPONSE);
        assertThat(client.read())
                .startsWith("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                .endsWith("12\r\n{\"statusCode\":500}\r\n0\r\n\r\n");
    }

    @Test
    void shouldBreakAStreamOffThatFails() {
        open(FunctionUrl.NONE, FunctionUrl.RESPONSE_STREAM, null);
        client.send("GET", "/", HOST, "");
        Exchange early = taken();
        begin(early, PRELUDE_TYPE).write(text("{\"statusCode\":200"));
        end(early, "{\"errorType\":\"E\"}", Outcome.FUNCTION_ERROR);
        assertThat(client.read()).startsWith("HTTP/1.1 502").endsWith("\r\n\r\nInternal Server Error");

        client.send("GET", "/", HOST, "");
        Exchange wrong = taken();
        begin(wrong, PRELUDE_TYPE).write(text("[]" + "\0".repeat(8) + "body"));
        end(wrong, null, Outcome.RESPONSE);
        assertThat(client.read()).startsWith("HTTP/1.1 502").doesNotContain("body");

        client.send("GET", "/", HOST, "");
        Exchange late = taken();
        begin(late, "text/html").write(text("<p>"));
        end(late, "{\"errorType\":\"E\"}", Outcome.FUNCTION_ERROR);
        assertThat(client.read()).endsWith("3\r\n<p>\r\n");
        assertThat(client.channel.isOpen())
                .as("its client sees that the end is missing")
                .isFalse();
    }

    /** As its runtime said it: the response is one, and what went wrong is beside it. */
    @Test
    void shouldPutTheErrorThatAStreamEndsWithIntoItsTrailers() {
        open(FunctionUrl.NONE, FunctionUrl.RESPONSE_STREAM, null);
        for (String report :
                List.of("{\"errorType\":\"Function.Half\"}", "no report", "{\"errorType\":\"a\\r\\nb\"}")) {
            client.send("GET", "/", HOST, "");
            Exchange exchange = taken();
            begin(exchange, "text/html").write(text("<p>"));
            end(exchange, report, Outcome.RESPONSE);
            String type = report.contains("Half") ? "Function.Half" : "Function.Unknown";
            String body = Base64.getEncoder().encodeToString(report.getBytes(StandardCharsets.UTF_8));
            assertThat(client.read())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("3\r\n<p>\r\n0\r\nLambda-Runtime-Function-Error-Type: " + type
                            + "\r\nLambda-Runtime-Function-Error-Body: " + body + "\r\n\r\n");
            assertThat(client.channel.isOpen()).isTrue();
        }
    }

    @Test
    void shouldBoundTheHeadOfAStream() {
        open(FunctionUrl.NONE, FunctionUrl.RESPONSE_STREAM, null);
        client.send("GET", "/", HOST, "");
        Exchange exchange = taken();
        ResponseStream stream = begin(exchange, PRELUDE_TYPE);
        for (int i = 0; i < 5; i++) {
            stream.write(text("{\"a\":" + " ".repeat(UrlStreamForm.MAX_HEAD_BYTES / 4)));
        }
        end(exchange, null, Outcome.RESPONSE);
        assertThat(client.read()).startsWith("HTTP/1.1 502");
    }
}
