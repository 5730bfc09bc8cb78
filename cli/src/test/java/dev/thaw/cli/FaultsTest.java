package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks, breaks alone: a bystander's invocations go on during each fault, and nothing is lost. */
@Tag("slow")
final class FaultsTest {
    @TempDir
    static Path directory;

    private static RunningServer server;

    private Bystander bystander;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Host.requireSandboxes();
        server = RunningServer.start(
                directory,
                _ -> {},
                Functions.echo("bystander"),
                Functions.probe("idle", 20),
                Functions.probe("working", 20),
                Functions.probe("starting", 20, "sleep:5000"),
                Functions.probe("exits", 20),
                Functions.probe("hangs", 1),
                Functions.probe("twice", 20),
                Functions.probe("wrong-id", 20),
                Functions.probe("other", 20),
                Functions.probe("disorderly", 20),
                Functions.probe("left", 20));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void startBystander() {
        bystander = new Bystander(server, "bystander");
    }

    @AfterEach
    void stopBystander() throws InterruptedException {
        bystander.end();
    }

    private static Reply probe(String function, String what) {
        return server.invoke(function, "{\"do\":\"" + what + "\"}");
    }

    @Test
    void shouldSurviveTheDeathOfAnIdleSandbox() throws IOException, InterruptedException {
        Reply before = probe("idle", "count");
        Sandboxes.ours().kill("idle");
        Reply after = probe("idle", "count");
        Reply warm = probe("idle", "count");

        assertThat(before.number()).isEqualTo(1);
        // It may meet the environment before its death is known: then it fails as a runtime's exit, and is not lost.
        if (after.functionError().isEmpty()) {
            assertThat(after.number()).isEqualTo(1); // a new process
        } else {
            assertThat(after.text()).contains("Runtime.ExitError");
        }
        assertThat(warm.functionError()).isEmpty();
    }

    @Test
    void shouldSurviveTheDeathOfASandboxInInit() throws IOException, InterruptedException {
        CompletableFuture<Reply> sent = server.send("starting", "{\"do\":\"count\"}");
        Await.until("init has begun", () -> !Sandboxes.ours().pids("starting").isEmpty());
        Sandboxes.ours().kill("starting");
        Reply reply = sent.join();

        // Init is tried again inside the invocation.
        assertThat(reply.text()).isEqualTo("{\"count\":1}");
        assertThat(reply.server().suppressedInit).isTrue();
    }

    @Test
    void shouldSurviveTheDeathOfASandboxAtWork() throws IOException, InterruptedException {
        probe("working", "count");
        CompletableFuture<Reply> sent = server.send("working", "{\"do\":\"hang\"}");
        server.logs().await("working", "two STARTs", text -> text.split("START RequestId", -1).length == 3);
        Sandboxes.ours().kill("working");
        Reply killed = sent.join();
        Reply next = probe("working", "count");

        assertThat(killed.status()).isEqualTo(200);
        assertThat(killed.functionError()).isEqualTo("Unhandled");
        assertThat(killed.text())
                .contains(
                        "Runtime.ExitError",
                        "RequestId: " + killed.requestId(),
                        "Error: Runtime exited with error: signal: killed");
        assertThat(next.text()).isEqualTo("{\"count\":1}");
        assertThat(next.server().suppressedInit).isTrue();
    }

    @Test
    void shouldSurviveABootstrapThatExits() {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(server.invoke("exits", "{\"do\":\"exit\",\"code\":9}"));
        }

        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).contains("Runtime.ExitError", "exit status 9", reply.requestId());
        });
        assertThat(probe("exits", "count").text()).isEqualTo("{\"count\":1}");
    }

    @Test
    void shouldSurviveABootstrapThatHangs() {
        assertThat(probe("hangs", "hang").text()).contains("Sandbox.Timedout");
        assertThat(probe("hangs", "count").text()).isEqualTo("{\"count\":1}");
    }

    @Test
    void shouldRefuseTheSecondOfTwoAnswers() {
        Reply twice = probe("twice", "twice");
        Reply next = probe("twice", "count");

        assertThat(twice.text()).isEqualTo("{\"answer\":1}");
        assertThat(next.text()).isEqualTo("{\"count\":1}");
        assertThat(server.awaitLog("twice", next.requestId())).contains("the answer was refused with status 400");
    }

    @Test
    void shouldRefuseAnAnswerToAnotherInvocation() {
        // The id of an invocation that is under way elsewhere: its client must not get the stray answer.
        CompletableFuture<Reply> other = server.send("other", "{\"do\":\"sleep\",\"ms\":1000}");
        String otherId =
                server.awaitLog("other", "START RequestId: ").replaceAll("(?s).*START RequestId: (\\S+) .*", "$1");
        Reply wrong = server.invoke("wrong-id", "{\"do\":\"wrong-id\",\"id\":\"" + otherId + "\"}");
        Reply next = probe("wrong-id", "count");

        assertThat(wrong.text()).isEqualTo("{\"status\":400}");
        assertThat(next.text()).isEqualTo("{\"count\":1}");
        assertThat(other.join().requestId()).isEqualTo(otherId);
        assertThat(other.join().text()).startsWith("{\"sleptUs\":");
    }

    @Test
    void shouldNotHandOutASecondEventBeforeTheFirstIsAnswered() {
        Reply reply = server.invoke("disorderly", "{\"do\":\"wrong-id\",\"then\":\"next\"}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).contains(reply.requestId());
        assertThat(probe("disorderly", "count").functionError()).isEmpty();
    }

    @Test
    void shouldEndAnInvocationWhoseRuntimeAnswersAnotherAndExits() {
        Reply reply = server.invoke("wrong-id", "{\"do\":\"wrong-id\",\"then\":\"exit\"}");

        assertThat(reply.text()).contains("Runtime.ExitError", "exit status 3");
        assertThat(probe("wrong-id", "count").functionError()).isEmpty();
    }

    @Test
    void shouldSurviveAClientThatLeavesMidway() throws IOException {
        String event = "{\"do\":\"sleep\",\"ms\":300}";
        String head = "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: ";
        try (Socket inBody = connect();
                Socket inInvocation = connect()) {
            write(inBody, head + "1000\r\n\r\n{\"do\":");
            write(inInvocation, head + event.length() + "\r\n\r\n" + event);
            server.awaitLog("left", "START RequestId: ");
        }
        server.awaitLog("left", "REPORT RequestId: ");
        Reply next = probe("left", "count");

        assertThat(next.text()).isEqualTo("{\"count\":1}");
        assertThat(next.report()).doesNotContain("Init Duration"); // the same environment, unharmed
        assertThat(next.server().suppressedInit).isFalse();
        assertThat(server.awaitLog("left", next.requestId()).split("START RequestId", -1))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GARBAGE\r\n\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: minus\r\n\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /2015-03-31/functions/left/invocations HTTP/1.1\r\nHost x\r\n\r\n"
            })
    void shouldRefuseMalformedHttp(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            String answer = readToEnd(socket);

            assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("Malformed HTTP request");
        }
    }

    private static Socket connect() throws IOException {
        URI uri = server.uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
