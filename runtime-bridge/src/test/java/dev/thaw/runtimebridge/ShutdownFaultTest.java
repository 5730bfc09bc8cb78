package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.results.InjectedFault;
import dev.thaw.runtimebridge.BridgeHarness.Answer;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults at the end of an environment, and those of events beside an extension and of streams, in real sandboxes. */
@Tag("slow")
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class ShutdownFaultTest {
    private static final long DELAY_MS = 300;
    private static final int BYTES = 8_192;

    /** Streams its event back in two chunks; says when it is asked to end. */
    private static final String RUNTIME = """
            #!/usr/bin/python3
            import http.client, os, signal, sys, time
            def end(*_):
                print("runtime asked", time.monotonic_ns(), flush=True)
                os._exit(0)
            signal.signal(signal.SIGTERM, end)
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            base = "/2018-06-01/runtime/invocation/"
            while True:
                api.request("GET", base + "next")
                answer = api.getresponse()
                event = answer.read()
                if event == b'"hang"':
                    time.sleep(1000)
                half = len(event) // 2
                api.request("POST", base + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response",
                    iter([event[:half], event[half:]]),
                    {"Lambda-Runtime-Function-Response-Mode": "streaming", "Transfer-Encoding": "chunked"},
                    encode_chunked=True)
                api.getresponse().read()
            """;

    private static final String EXTENSION = """
            #!/usr/bin/python3
            import http.client, json, os, sys, time
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            def call(method, path, headers, body=None):
                api.request(method, "/2020-01-01/extension/" + path, body, headers)
                answer = api.getresponse()
                return answer.headers, json.loads(answer.read())
            headers, _ = call("POST", "register", {"Lambda-Extension-Name": "watcher"},
                json.dumps({"events": ["INVOKE", "SHUTDOWN"]}))
            me = {"Lambda-Extension-Identifier": headers["Lambda-Extension-Identifier"]}
            while True:
                _, event = call("GET", "event/next", me)
                if event["eventType"] == "SHUTDOWN":
                    print("extension asked", time.monotonic_ns(), event["shutdownReason"], flush=True)
                    sys.exit(0)
            """;

    @TempDir
    private Path directory;

    private BridgeHarness harness;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assumeTrue(ExternalExtensionTest.canRun());
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
            assertThat(harness.errors).isEmpty();
        }
    }

    private void start(int timeoutSec, boolean withExtension, String... rules) throws IOException {
        Path code = directory.resolve("code");
        write(code.resolve("bootstrap"), RUNTIME);
        Path layer = directory.resolve("layer");
        write(layer.resolve("extensions/watcher"), EXTENSION);
        DeployedFunction plain = Functions.of("f", code, timeoutSec, Map.of());
        DeployedFunction function = new DeployedFunction(
                plain.config(), code, withExtension ? List.of(layer) : List.of(), Map.of(), plain.region());
        FaultPlan plan = new FaultPlan(1, Stream.of(rules).map(FaultRule::parse).toList());
        harness = new BridgeHarness(ThreadLayout.FUSED, directory.resolve("logs"), List.of(function), plan);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String logAfterTheEnd() throws IOException {
        harness.close();
        return harness.log("f");
    }

    private static long when(String log, String who) {
        Matcher found = Pattern.compile(who + " asked (\\d+)").matcher(log);
        assertThat(found.find()).as("%s asked to end in %s", who, log).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void shouldTellRuntimeAndExtensionsLaterThatTheyAreToEnd() throws IOException {
        start(10, true, "delay@shutdown:100%," + DELAY_MS + "ms");
        harness.invoke(0, "1");
        String log = logAfterTheEnd();

        assertThat(when(log, "extension") - when(log, "runtime")).isGreaterThanOrEqualTo(DELAY_MS * 1_000_000);
        assertThat(log).contains("SPINDOWN");
    }

    @Test
    void shouldTellNobodyThatTheyAreToEnd() throws IOException {
        start(10, true, "hang@shutdown:100%");
        harness.invoke(0, "1");

        assertThat(logAfterTheEnd()).contains("REPORT").doesNotContain("asked");
    }

    @Test
    void shouldTellTheFaultOfAResetsShutdownWithTheNextInvocation() throws IOException {
        start(1, true, "hang@shutdown:100%");
        Answer timedOut = harness.invoke(0, "\"hang\"");
        harness.awaitResets(1);
        Answer next = harness.invoke(0, "2");

        assertThat(timedOut.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(timedOut.faults()).isZero();
        assertThat(next.faults()).isEqualTo(InjectedFault.HANG_SHUTDOWN.bit());
    }

    @Test
    void shouldTellExtensionsOfACrashThatWasInjected() throws IOException {
        start(10, true, "crash@invoke:100%");
        Answer crashed = harness.invoke(0, "1");
        harness.awaitResets(1);

        assertThat(crashed.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(crashed.faults()).isEqualTo(InjectedFault.CRASH_INVOKE.bit());
        assertThat(logAfterTheEnd()).containsPattern("extension asked \\d+ FAILURE");
    }

    @Test
    void shouldCrashTheRuntimeBesideItsExtensionsAsItStarts() throws IOException {
        start(10, true, "crash@init:100%");
        Answer crashed = harness.invoke(0, "1");

        assertThat(crashed.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(logAfterTheEnd())
                .contains("INIT_REPORT", "Error Type: Runtime.ExitError")
                .containsPattern("extension asked \\d+ FAILURE");
    }

    @Test
    void shouldTellExtensionsOfAHangThatWasInjected() throws IOException {
        start(1, true, "hang@invoke:100%");
        Answer hung = harness.invoke(0, "1");
        harness.awaitResets(1);

        assertThat(hung.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(logAfterTheEnd()).containsPattern("extension asked \\d+ TIMEOUT");
    }

    @Test
    void shouldReadAStreamSlowly() throws IOException {
        start(10, false, "slow@invoke:100%,16KiB/s");
        String event = '"' + "x".repeat(BYTES) + '"';
        Answer slow = harness.invoke(0, event);

        assertThat(slow.body()).isEqualTo(event);
        assertThat(slow.billedMs()).isGreaterThanOrEqualTo(BYTES * 1_000 / (16 << 10));
    }

    @Test
    void shouldDelayTheEventOfAStreamingFunction() throws IOException {
        start(10, false, "delay@invoke:100%," + DELAY_MS + "ms");
        Answer delayed = harness.invoke(0, "\"late\"");

        assertThat(delayed.body()).isEqualTo("\"late\"");
        assertThat(delayed.billedMs()).isGreaterThanOrEqualTo(DELAY_MS);
    }
}
