package dev.thaw.scheduler.frontend;

import static dev.thaw.scheduler.frontend.EmbeddedFrontEnd.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.FleetSample;
import dev.thaw.results.ServerDescription;
import dev.thaw.scheduler.live.ThreadLayout;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The front end as HTTP: bodies, connections, the order of answers, pages, the end. */
@SuppressWarnings("NullAway.Init")
final class HttpFrontEndTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        server = new TestServer(ThreadLayout.FUSED).with("echo").with("other");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldRefuseInvalidJsonWithoutCallingTheFunction() throws IOException {
        int before = server.environments.dispatched.get();
        RawClient.Answer answer = server.post(ECHO, "", "value");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("x-amzn-ErrorType")).isEqualTo("InvalidRequestContentException");
        assertThat(answer.body())
                .startsWith("{\"Type\":\"User\",\"message\":\"Could not parse request body into json: Could not parse"
                        + " payload into json: Unrecognized token 'value': was expecting");
        assertThat(server.environments.dispatched.get()).isEqualTo(before);
    }

    @Test
    void shouldTakeAnEmptyBodyAsAnEmptyEvent() throws IOException {
        assertThat(server.post(ECHO, "", "").body()).isEqualTo("{}");
    }

    @Test
    void shouldTakeSixMebibytesAndNotOneByteMore() throws IOException {
        String largest = "\"" + "x".repeat(InvokeRequest.MAX_PAYLOAD_BYTES - 2) + "\"";
        try (RawClient client = server.connect()) {
            client.post(ECHO, "", largest);
            RawClient.Answer taken = client.read();
            assertThat(taken.status()).isEqualTo(200);
            assertThat(taken.body().equals(largest)).isTrue();
            client.post(ECHO, "", largest + " ");
            RawClient.Answer refused = client.read();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.header("x-amzn-ErrorType")).isEqualTo("RequestTooLargeException");
            assertThat(refused.body())
                    .isEqualTo("{\"Type\":\"User\",\"message\":\"Request must be smaller than 6291456 bytes for the"
                            + " InvokeFunction operation\"}");
            client.post(ECHO, "", "\"still here\"");
            assertThat(client.read().body()).isEqualTo("\"still here\"");
        }
    }

    @Test
    void shouldRefuseAChunkedBodyThatGrowsTooLarge() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "100000\r\n" + "1".repeat(0x100000) + "\r\n";
            for (int i = 0; i < 7; i++) {
                client.send(chunk);
            }
            client.send("0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void shouldTakeAChunkedBodyInPieces() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3\r\n{\"a\r\n");
            client.send("4\r\n\":[1\r\n");
            client.send("2\r\n]}\r\n0\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("{\"a\":[1]}");
        }
    }

    @Test
    void shouldHonourExpectContinue() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            client.send("{}");
            assertThat(client.read().status()).isEqualTo(200);
            client.send(
                    "POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 7000000\r\n\r\n");
            RawClient.Answer refused = client.read();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GARBAGE|400",
                "POST /x HTTP/1.1 extra\\r\\nBad Header: y|400",
                "POST " + ECHO + " HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -5|400",
            })
    void shouldAnswer400AndCloseOnMalformedHttp(String bytes, int status) throws IOException {
        try (RawClient client = server.connect()) {
            client.send(bytes.replace("\\r\\n", "\r\n") + "\r\n\r\n");
            RawClient.Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldBoundLinesAndHeaders() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(414);
        }
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nA: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(431);
        }
    }

    @Test
    void shouldRefuseUnknownPathsAndWrongMethods() throws IOException {
        assertThat(server.get("/").status()).isEqualTo(404);
        assertThat(server.get("/2015-03-31/functions/a/b/invocations").status()).isEqualTo(404);
        assertThat(server.get("/_thaw/nope").status()).isEqualTo(404);
        RawClient.Answer answer = server.get(ECHO);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST");
        assertThat(server.post("/_thaw/fleet", "", "").status()).isEqualTo(405);
    }

    @Test
    void shouldAnswerInTheOrderOfRequests() throws IOException, InterruptedException {
        try (RawClient client = server.connect()) {
            client.send(RawClient.request(ECHO, "", "\"hold 1\"")
                    + RawClient.request(ECHO, "", "\"quick\"")
                    + RawClient.request(ECHO, "", "\"hold 2\"")
                    + RawClient.request(ECHO, "", "nonsense"));
            ScriptedEnvironments.Held first = take();
            ScriptedEnvironments.Held second = take();
            server.environments.release(second, second.event());
            server.environments.release(first, first.event());
            assertThat(client.read().body()).isEqualTo("\"hold 1\"");
            assertThat(client.read().body()).isEqualTo("\"quick\"");
            assertThat(client.read().body()).isEqualTo("\"hold 2\"");
            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void shouldServeManyPipelinedRequests() throws IOException {
        int requests = 3 * Answers.MAX_PIPELINED;
        try (RawClient client = server.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < requests; i++) {
                all.append(RawClient.request(ECHO, "", String.valueOf(i)));
            }
            client.send(all.toString());
            for (int i = 0; i < requests; i++) {
                assertThat(client.read().body()).isEqualTo(String.valueOf(i));
            }
        }
    }

    @Test
    void shouldSurviveAClientThatLeavesMidway() throws IOException, InterruptedException {
        RawClient client = server.connect();
        client.post(ECHO, "", "\"hold\"");
        ScriptedEnvironments.Held held = take();
        client.close();
        RawClient half = server.connect();
        half.send("POST " + ECHO + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"half");
        half.close();
        server.environments.release(held, "\"nobody reads this\"");
        assertThat(server.post(ECHO, "", "\"fine\"").body()).isEqualTo("\"fine\"");
    }

    @Test
    void shouldCloseWhereAskedTo() throws IOException {
        try (RawClient client = server.connect()) {
            client.post(ECHO, "Connection: close\r\n", "1");
            RawClient.Answer answer = client.read();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
        }
        try (RawClient old = server.connect()) {
            old.send("POST " + ECHO + " HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1");
            assertThat(old.read().header("Connection")).isEqualTo("keep-alive");
            old.send("POST " + ECHO + " HTTP/1.0\r\nContent-Length: 1\r\n\r\n2");
            assertThat(old.read().body()).isEqualTo("2");
            assertThat(old.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldShowFunctionsHealthAndFleet() throws IOException {
        assertThat(server.get("/_thaw/health").body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(server.get("/_thaw/functions").body())
                .startsWith("[{\"name\":\"echo\",\"memoryMib\":128,\"architecture\":\"x86_64\"},");
        assertThat(ServerDescription.fromJson(server.get("/_thaw/server").body())
                        .functions())
                .contains(new ServerDescription.Function("echo", 128, "x86_64"));
        FleetSample sample = FleetSample.fromJson(server.get("/_thaw/fleet").body());
        assertThat(sample.created()).isNotNegative();
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldServeTheEmulatorsEndpointOnBothLayouts(ThreadLayout layout) throws IOException {
        try (TestServer only = new TestServer(layout).with("the-one")) {
            String path = "/2015-03-31/functions/function/invocations";
            String curl = "Content-Type: application/x-www-form-urlencoded\r\n";
            assertThat(only.post(path, curl, "{}").body()).isEqualTo("{}");
            only.with("another");
            assertThat(only.post(path, curl, "{}").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldFinishRunningInvocationsBeforeItEnds(ThreadLayout layout) throws IOException, InterruptedException {
        TestServer ending = new TestServer(layout).with("echo");
        RawClient client = ending.connect();
        client.post(ECHO, "", "\"hold\"");
        ScriptedEnvironments.Held held = ending.environments.held.poll(10, TimeUnit.SECONDS);
        assertThat(held).isNotNull();
        ending.frontEnd.close();
        assertThatThrownBy(() -> ending.connect()).isInstanceOf(IOException.class);
        Thread closer = new Thread(ending::close, "closer");
        closer.start();
        ending.environments.release(held, "\"finished\"");
        assertThat(client.read().body()).isEqualTo("\"finished\"");
        closer.join();
        assertThat(client.isAtEnd()).isTrue();
        client.close();
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .map(thread -> thread.getName().toLowerCase(Locale.ROOT)))
                .doesNotContain("thaw-scheduler");
    }

    private static ScriptedEnvironments.Held take() throws InterruptedException {
        ScriptedEnvironments.Held held = server.environments.held.poll(10, TimeUnit.SECONDS);
        assertThat(held).isNotNull();
        return Objects.requireNonNull(held);
    }
}
