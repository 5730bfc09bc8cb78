package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What breaks, breaks alone, on either backend: a bystander's invocations go on during each fault, and nothing is lost.
 * Most faults befall one function, whose machine is booted once.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultContract {
    private static final int INIT_MS = 1000;
    private static final int ANSWER_BYTES_MAX = 6_291_556;

    private RunningServer server;

    private Bystander bystander;

    /** As {@code --backend} names it; skips where this host cannot. */
    abstract String backend() throws IOException;

    /** Whether an environment is reset where every process of its sandbox was killed; else it is gone. */
    abstract boolean outlivesItsProcesses();

    @BeforeAll
    void start(@TempDir Path directory) throws IOException, InterruptedException {
        Host.requireSandboxes();
        String backend = backend();
        Path noBootstrap = Functions.code(directory, "none", "", "rwxr-xr-x");
        Files.delete(noBootstrap.resolve("bootstrap"));
        server = RunningServer.start(
                directory,
                options -> options.backend = backend,
                Functions.echo("bystander"),
                Functions.probe("probe", 20),
                Functions.probe("starting", 20, "sleep:" + INIT_MS),
                Functions.probe("hangs", 1),
                Functions.probe("other", 20),
                Functions.of("greedy", "x86_64", "spin", 128),
                Functions.probe("left", 20),
                Functions.probe("init-exit", 20, "exit"),
                Functions.of("no-bootstrap", noBootstrap, Map.of()));
    }

    @AfterAll
    void stop() {
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

    private Reply probe(String function, String what) {
        return server.invoke(function, "{\"do\":\"" + what + "\"}");
    }

    @Test
    void shouldSurviveTheDeathOfAnIdleSandbox() throws IOException, InterruptedException {
        Reply before = probe("probe", "count");
        Sandboxes.ours().kill("probe");
        Reply after = probe("probe", "count");
        Reply warm = probe("probe", "count");

        assertThat(before.functionError()).isEmpty();
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
        server.awaitLog("starting", "INIT_START");
        Await.until("init has begun", () -> !Sandboxes.ours().pids("starting").isEmpty());
        Sandboxes.ours().kill("starting");
        Reply reply = sent.join();

        // Init is tried again inside the invocation.
        assertThat(reply.text()).isEqualTo("{\"count\":1}");
        assertThat(reply.server().suppressedInit).isEqualTo(outlivesItsProcesses());
    }

    @Test
    void shouldSurviveTheDeathOfASandboxAtWork() throws IOException, InterruptedException {
        String last = probe("probe", "count").requestId();
        CompletableFuture<Reply> sent = server.send("probe", "{\"do\":\"hang\"}");
        server.logs()
                .await(
                        "probe",
                        "a START after the last",
                        text -> text.lastIndexOf("START RequestId") > text.lastIndexOf("REPORT RequestId: " + last));
        Sandboxes.ours().kill("probe");
        Reply killed = sent.join();
        Reply next = probe("probe", "count");

        assertThat(killed.status()).isEqualTo(200);
        assertThat(killed.functionError()).isEqualTo("Unhandled");
        assertThat(killed.text())
                .contains(
                        "Runtime.ExitError",
                        "RequestId: " + killed.requestId(),
                        "Error: Runtime exited with error: signal: killed");
        assertThat(next.text()).isEqualTo("{\"count\":1}");
        assertThat(next.server().suppressedInit).isEqualTo(outlivesItsProcesses());
    }

    @Test
    void shouldSurviveABootstrapThatExits() {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(server.invoke("probe", "{\"do\":\"exit\",\"code\":9}"));
        }

        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).contains("Runtime.ExitError", "exit status 9", reply.requestId());
        });
        assertThat(probe("probe", "count").text()).isEqualTo("{\"count\":1}");
    }

    @Test
    void shouldSurviveABootstrapThatHangs() {
        assertThat(probe("hangs", "hang").text()).contains("Sandbox.Timedout");
        assertThat(probe("hangs", "count").text()).isEqualTo("{\"count\":1}");
    }

    @Test
    void shouldRefuseTheSecondOfTwoAnswers() {
        Reply before = probe("probe", "count");
        Reply twice = probe("probe", "twice");
        Reply next = probe("probe", "count");

        assertThat(twice.text()).isEqualTo("{\"answer\":1}");
        assertThat(next.number()).isEqualTo(before.number() + 1);
        assertThat(server.awaitLog("probe", next.requestId())).contains("the answer was refused with status 400");
    }

    @Test
    void shouldRefuseAnAnswerToAnotherInvocation() {
        // The id of an invocation that is under way elsewhere: its client must not get the stray answer.
        CompletableFuture<Reply> other = server.send("other", "{\"do\":\"sleep\",\"ms\":1000}");
        String otherId =
                server.awaitLog("other", "START RequestId: ").replaceAll("(?s).*START RequestId: (\\S+) .*", "$1");
        Reply before = probe("probe", "count");
        Reply wrong = server.invoke("probe", "{\"do\":\"wrong-id\",\"id\":\"" + otherId + "\"}");
        Reply next = probe("probe", "count");

        assertThat(wrong.text()).isEqualTo("{\"status\":400}");
        assertThat(next.number()).isEqualTo(before.number() + 1);
        assertThat(other.join().requestId()).isEqualTo(otherId);
        assertThat(other.join().text()).startsWith("{\"sleptUs\":");
    }

    @Test
    void shouldNotHandOutASecondEventBeforeTheFirstIsAnswered() {
        Reply reply = server.invoke("probe", "{\"do\":\"wrong-id\",\"then\":\"next\"}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).contains(reply.requestId());
        assertThat(probe("probe", "count").functionError()).isEmpty();
    }

    @Test
    void shouldEndAnInvocationWhoseRuntimeAnswersAnotherAndExits() {
        Reply reply = server.invoke("probe", "{\"do\":\"wrong-id\",\"then\":\"exit\"}");

        assertThat(reply.text()).contains("Runtime.ExitError", "exit status 3");
        assertThat(probe("probe", "count").functionError()).isEmpty();
    }

    @Test
    void shouldSurviveAnAnswerThatIsTooLarge() {
        Reply before = probe("probe", "count");
        Reply tooLarge = server.invoke("probe", "{\"do\":\"big\",\"bytes\":" + (ANSWER_BYTES_MAX + 1) + "}");
        Reply next = probe("probe", "count");

        assertThat(tooLarge.text()).contains("\"errorType\":\"Function.ResponseSizeTooLarge\"");
        assertThat(next.number()).isEqualTo(before.number() + 1);
    }

    @Test
    void shouldSurviveAFunctionThatTakesTooMuchMemory() {
        Reply reply = server.invoke("greedy", "{\"memoryMib\":300}");
        Reply next = server.invoke("greedy", "{\"memoryMib\":30}");

        assertThat(reply.text()).contains("Runtime.ExitError", "signal: killed");
        assertThat(reply.server().outOfMemory).isTrue();
        assertThat(reply.report()).contains("Max Memory Used: 128 MB", "Error Type: Runtime.OutOfMemory");
        assertThat(next.text()).endsWith("\"memoryMib\":30}");
    }

    /** At 7 % of a processor most of the time is spent waiting for the quota. */
    @Test
    void shouldRecordWhatAnInvocationUsed() {
        Reply reply = server.invoke("probe", "{\"do\":\"allocate\",\"mib\":20}");
        probe("probe", "exit");

        assertThat(reply.text()).isEqualTo("{\"allocatedMib\":20}");
        assertThat(reply.server().peakMemoryBytes).isBetween(20L << 20, 128L << 20);
        assertThat(reply.server().cpuNs).isPositive();
        assertThat(reply.server().throttledNs).isGreaterThan(reply.server().cpuNs);
    }

    @Test
    void shouldSurviveARuntimeThatExitsInInit() {
        assertThat(server.invoke("init-exit", "{}").text()).contains("Runtime.ExitError", "exit status 7");
    }

    @Test
    void shouldSurviveAPackageWithoutABootstrap() {
        Reply reply = server.invoke("no-bootstrap", "{}");

        assertThat(reply.functionError()).isEqualTo("Unhandled");
        assertThat(reply.text()).startsWith("{\"errorType\":\"Runtime.InvalidEntrypoint\",");
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

    Socket connect() throws IOException {
        URI uri = server.uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    static String readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
