package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thaw.runtimebridge.BridgeHarness.Answer;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.live.ThreadLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** External extensions as real processes beside a real runtime, in real time (contract.md section 22). */
@Tag("slow")
final class ExternalExtensionTest {
    private static final int SLEEPY = 0;
    private static final int OVERRUNNING = 1;
    private static final int CRASHING = 2;
    private static final int CRASHING_ONCE = 3;
    private static final int STUBBORN = 4;
    private static final int NOT_EXECUTABLE = 5;
    private static final double NS_PER_SEC = 1e9;

    /** A runtime that exits where its event says so. */
    private static final String RUNTIME = """
            #!/usr/bin/python3
            import http.client, os, time
            print("runtime starts", time.monotonic_ns(), os.getcwd(), os.environ["_HANDLER"], flush=True)
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            base = "/2018-06-01/runtime/invocation/"
            while True:
                api.request("GET", base + "next")
                answer = api.getresponse()
                event = answer.read()
                if event == b'"exit"':
                    os._exit(3)
                api.request("POST", base + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", event)
                api.getresponse().read()
            """;

    private static final String EXTENSION = """
            #!/usr/bin/python3
            import glob, http.client, json, os, sys, time
            mode = os.environ["MODE"]
            def say(*words):
                print("extension", *words, flush=True)
            def has_runtime():
                return any(b"python3\\0/var/task/bootstrap" in open(f, "rb").read() for f in glob.glob("/proc/[0-9]*/cmdline"))
            say("starts", time.monotonic_ns(), os.getcwd(), sorted(
                {"_HANDLER", "LAMBDA_TASK_ROOT", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_FUNCTION_NAME"} & set(os.environ)))
            if mode == "crash" or mode == "crash once" and not os.path.exists("/tmp/crashed"):
                open("/tmp/crashed", "w")
                sys.exit(3)
            api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            def call(method, path, headers, body=None):
                api.request(method, "/2020-01-01/extension/" + path, body, headers)
                answer = api.getresponse()
                return answer.headers, json.loads(answer.read())
            headers, function = call("POST", "register", {"Lambda-Extension-Name": os.path.basename(sys.argv[0])},
                json.dumps({"events": ["INVOKE", "SHUTDOWN"]}))
            say("registered for", function["functionName"])
            me = {"Lambda-Extension-Identifier": headers["Lambda-Extension-Identifier"]}
            while True:
                event = call("GET", "event/next", me)[1]
                say("gets", event["eventType"], event.get("shutdownReason"), "beside runtime", has_runtime())
                while event["eventType"] == "SHUTDOWN" and mode == "stubborn":
                    say("beats", time.monotonic_ns())
                    time.sleep(0.01)
                if event["eventType"] == "SHUTDOWN":
                    sys.exit(0)
                time.sleep(0.5 if mode == "sleepy" else 60 if mode == "overrun" else 0)
                say("done", event["requestId"])
            """;

    @TempDir
    private Path directory;

    private BridgeHarness harness;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assumeTrue(canRun());
    }

    /** Builds what extensions need, or says why they cannot run. */
    static boolean canRun() throws IOException, InterruptedException {
        boolean root = "root".equals(System.getProperty("user.name"));
        Path sources = Path.of("../sandbox/src/main/c");
        boolean built = root
                && new ProcessBuilder("make", "-s", "-C", sources.toString())
                                .inheritIO()
                                .start()
                                .waitFor()
                        == 0;
        if (!built) {
            System.out.println("skipped: external extensions need root, make and gcc here");
        }
        return built;
    }

    @BeforeEach
    void start() throws IOException {
        List<DeployedFunction> functions = List.of(
                function("sleepy", "sleepy", 10, "rwxr-xr-x"),
                function("overrunning", "overrun", 1, "rwxr-xr-x"),
                function("crashing", "crash", 5, "rwxr-xr-x"),
                function("crashing-once", "crash once", 10, "rwxr-xr-x"),
                function("stubborn", "stubborn", 10, "rwxr-xr-x"),
                function("not-executable", "", 5, "rw-r--r--"));
        harness = new BridgeHarness(ThreadLayout.FUSED, directory.resolve("logs"), functions);
    }

    private DeployedFunction function(String name, String mode, int timeoutSec, String permissions) throws IOException {
        Path code = directory.resolve("code").resolve(name);
        write(code.resolve("bootstrap"), RUNTIME, "rwxr-xr-x");
        Path layer = directory.resolve("layers").resolve(name);
        write(layer.resolve("extensions/watcher"), EXTENSION, permissions);
        DeployedFunction plain = Functions.of(name, code, timeoutSec, Map.of("MODE", mode));
        return new DeployedFunction(plain.config(), code, List.of(layer), Map.of(), plain.region());
    }

    private void write(Path file, String text, String permissions) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        for (Path folder = file.getParent();
                folder != null && folder.startsWith(directory);
                folder = folder.getParent()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
            assertThat(harness.errors).isEmpty();
        }
    }

    @Test
    void shouldStartBeforeTheRuntimeAndKeepTheEnvironmentBusyAfterTheAnswer() throws IOException {
        Answer first = harness.send(SLEEPY, "1", false).join();
        long answeredNs = SystemNanoClock.INSTANCE.nanoTime();
        Answer second = harness.invoke(SLEEPY, "2"); // waits for the extension, twice
        double busySec = (SystemNanoClock.INSTANCE.nanoTime() - answeredNs) / NS_PER_SEC;
        harness.close();
        String log = harness.log("sleepy");

        assertThat(first.body()).isEqualTo("1");
        assertThat(second.body()).isEqualTo("2");
        assertThat(busySec).isGreaterThan(0.5);
        assertThat(log)
                .containsSubsequence(
                        "extension starts ",
                        "extension registered for sleepy",
                        "START RequestId: " + first.requestId(),
                        "extension done " + first.requestId(),
                        "END RequestId: " + first.requestId(),
                        "START RequestId: " + second.requestId())
                .contains(" / ['AWS_LAMBDA_FUNCTION_NAME']\n", " /var/task function.handler\n")
                .doesNotContain("INIT_REPORT")
                .containsSubsequence("runtime starts ", "START RequestId: " + first.requestId())
                .containsOnlyOnce("runtime starts") // one environment served both
                .contains("extension gets SHUTDOWN SPINDOWN beside runtime False");
        assertThat(number(log, "extension starts (\\d+) ")).isLessThan(number(log, "runtime starts (\\d+) "));
        assertThat(number(log, "REPORT RequestId: " + first.requestId() + "\tDuration: ([\\d.]+) ms"))
                .isGreaterThanOrEqualTo(500);
        assertThat(second.logTail()).contains("REPORT RequestId: " + second.requestId());
    }

    @Test
    void shouldResetAfterTheAnswerWhereTheExtensionOverrunsTheTimeout() throws IOException {
        Answer answer = harness.send(OVERRUNNING, "1", false).join();
        harness.awaitResets(1);
        Answer next = harness.send(OVERRUNNING, "2", false).join();
        harness.close();

        assertThat(answer.outcome()).isEqualTo(Outcome.RESPONSE);
        assertThat(next.outcome()).isEqualTo(Outcome.RESPONSE);
        assertThat(next.suppressedInit()).isTrue();
        assertThat(harness.log("overrunning")).containsOnlyOnce("INIT_START");
    }

    @Test
    void shouldTellOfAFailureOnceTheRuntimeIsGone() throws IOException {
        harness.invoke(SLEEPY, "1");
        Answer exited = harness.invoke(SLEEPY, "\"exit\""); // once the environment is free again
        harness.awaitResets(1);
        Answer next = harness.invoke(SLEEPY, "2");
        harness.close();

        assertThat(exited.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(exited.errorMessage()).endsWith("Error: Runtime exited with error: exit status 3");
        assertThat(next.body()).isEqualTo("2");
        assertThat(next.suppressedInit()).isTrue();
        assertThat(harness.log("sleepy")).contains("extension gets SHUTDOWN FAILURE beside runtime False");
    }

    @Test
    void shouldReportACrashInInitAndFailTheInvocationWhereItCrashesAgain() throws IOException {
        Answer answer = harness.invoke(CRASHING, "1");
        harness.close();

        assertThat(answer.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(answer.errorType()).isEqualTo("Extension.Crash");
        assertThat(answer.errorMessage()).isEqualTo("RequestId: " + answer.requestId() + " Error: exit status 3");
        assertThat(harness.log("crashing"))
                .containsPattern(
                        "INIT_REPORT Init Duration: [\\d.]+ ms\tPhase: init\tStatus: error\tError Type: Extension.Crash\n")
                .doesNotContain("runtime starts");
    }

    @Test
    void shouldServeAnInvocationWhoseSecondInitSucceeds() {
        Answer answer = harness.invoke(CRASHING_ONCE, "1");

        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.suppressedInit()).isTrue();
    }

    @Test
    void shouldKillAnExtensionThatIgnoresShutdownTwoSecondsAfterTheEvent() throws IOException {
        harness.invoke(STUBBORN, "1");
        harness.close();
        Matcher beats = Pattern.compile("extension beats (\\d+)\n").matcher(harness.log("stubborn"));
        assertThat(beats.find()).isTrue();
        long firstNs = Long.parseLong(beats.group(1));
        long lastNs = firstNs;
        while (beats.find()) {
            lastNs = Long.parseLong(beats.group(1));
        }

        assertThat((lastNs - firstNs) / NS_PER_SEC).isCloseTo(2.0, within(0.2));
    }

    @Test
    void shouldNameAnExtensionThatCannotBeStarted() throws IOException {
        Answer answer = harness.invoke(NOT_EXECUTABLE, "1");
        harness.close();

        assertThat(answer.errorType()).isEqualTo("Extension.LaunchError");
        assertThat(harness.log("not-executable")).contains("/opt/extensions/watcher is not an executable file");
    }

    private static double number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
