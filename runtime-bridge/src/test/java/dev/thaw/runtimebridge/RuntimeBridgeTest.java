package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bridge with the real scheduler and real sandboxes, whose runtime is a shell script with curl. */
@Tag("slow")
final class RuntimeBridgeTest {
    private static final int BEHAVING = 0;
    private static final int INIT_ERROR = 1;
    private static final int INIT_EXIT = 2;
    private static final int NO_BOOTSTRAP = 3;
    private static final int NOT_EXECUTABLE = 4;
    private static final int PATIENT = 5;
    private static final int UNHURRIED = 6;

    private static final String RUNTIME = """
            #!/bin/bash
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            post() { curl -sS -o /tmp/answer -w '%{http_code}\\n' --data-binary @- "$api/invocation/$1/$2"; }
            echo "init of $AWS_LAMBDA_FUNCTION_NAME"
            while true; do
                curl -sS -D /tmp/head -o /tmp/event "$api/invocation/next" || exit 1
                event=$(cat /tmp/event)
                id=$(grep -i '^lambda-runtime-aws-request-id' /tmp/head | tr -d '\\r' | cut -d' ' -f2)
                case "$event" in
                    '"exit 3"') echo 'leaving' >&2; exit 3 ;;
                    '"exit 0"') exit 0 ;;
                    '"kill"') kill -9 $$ ;;
                    '"hang"') sleep 60 ;;
                    '"memory"') head -c 600m /dev/zero | tail >/dev/null; kill -9 $$ ;;
                    '"count"') n=$(cat /tmp/n 2>/dev/null || echo 0); echo $((n + 1)) >/tmp/n; echo -n $((n + 1)) | post $id response ;;
                    '"chatty"') for i in $(seq 1 2000); do echo "line $i"; done; echo -n ok | post $id response ;;
                    '"twice"') echo -n first | post $id response; echo " second $(echo x | post $id response) $(cat /tmp/answer)" ;;
                    '"wrong"') code=$(echo x | post no-such-id response); echo -n "$code $(cat /tmp/answer)" | post $id response ;;
                    '"big"') head -c 6291557 /dev/zero | post $id response; cat /tmp/answer ;;
                    '"limit"') head -c 6291556 /dev/zero | post $id response ;;
                    '"head"') cat /tmp/head | tr -d '\\r' | post $id response ;;
                    '"error"') echo -n '{"errorMessage":"no","errorType":"Mine"}' | post $id error ;;
                    *) echo "handling $event"; echo -n "$event" | post $id response ;;
                esac
            done
            """;
    private static final String FAILING_INIT = """
            #!/bin/bash
            api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
            curl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: Runtime.NoSuchHandler' \\
                -d '{"errorMessage":"Failed to load function.","errorType":"InvalidFunctionException"}' "$api/init/error"
            exit 1
            """;

    @TempDir
    private Path directory;

    private BridgeHarness harness;

    @BeforeEach
    void start() throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: sandboxes need root here");
        }
        assumeTrue(root);
        start(ThreadLayout.FUSED);
    }

    private void start(ThreadLayout layout) throws IOException {
        List<DeployedFunction> functions = List.of(
                function("behaving", RUNTIME, true, 2),
                function("init-error", FAILING_INIT, true, 2),
                function("init-exit", "#!/bin/bash\nexit 7\n", true, 2),
                function("no-bootstrap", "", true, 2),
                function("not-executable", RUNTIME, false, 2),
                function("patient", RUNTIME, true, 25),
                function("unhurried", RUNTIME, true, 900));
        harness = new BridgeHarness(layout, directory.resolve("logs"), functions);
    }

    @AfterEach
    void stop() {
        if (harness != null) {
            harness.close();
            assertThat(harness.errors).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldServeColdAndWarm(ThreadLayout layout) throws IOException {
        if (layout != ThreadLayout.FUSED) {
            harness.close();
            start(layout);
        }
        Answer cold = harness.invoke(BEHAVING, "{\"text\":\"Hello\"}");
        Answer warm = harness.invoke(BEHAVING, "{\"text\":\"again\"}");

        assertThat(cold.body()).isEqualTo("{\"text\":\"Hello\"}");
        assertThat(warm.body()).isEqualTo("{\"text\":\"again\"}");
        assertThat(cold.cpuNs()).isPositive();
        assertThat(cold.logTail())
                .startsWith("START RequestId: " + cold.requestId() + " Version: $LATEST\n")
                .contains(
                        "\nhandling {\"text\":\"Hello\"}\nEND RequestId: " + cold.requestId() + "\nREPORT RequestId: ")
                .contains("Init Duration: ")
                .endsWith(" ms\t\n");
        assertThat(warm.logTail())
                .startsWith("START RequestId: " + warm.requestId())
                .contains("\nhandling {\"text\":\"again\"}\nEND ")
                .doesNotContain("Init Duration", "Hello");
        harness.close();
        String log = harness.log("behaving");
        assertThat(log).startsWith("INIT_START Runtime Version: provided:al2023.v1\t");
        assertThat(log.lines().filter(line -> line.startsWith("REPORT "))).hasSize(2);
        assertThat(log.indexOf("init of behaving")).isBetween(0, log.indexOf("START RequestId"));
        assertThat(log).doesNotContain("INIT_REPORT");
    }

    @Test
    void shouldPassEveryHeaderOfAnEvent() {
        assertThat(harness.invoke(BEHAVING, "\"head\"").body())
                .contains(
                        "\nLambda-Runtime-Aws-Request-Id: ",
                        "\nLambda-Runtime-Deadline-Ms: 1",
                        "\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:",
                        "\nLambda-Runtime-Trace-Id: Root=1-",
                        "\nContent-Length: 6\n");
    }

    @Test
    void shouldReportAnExitAndInitAgainInsideTheNextInvocation() throws IOException {
        harness.invoke(BEHAVING, "\"count\"");
        Answer exited = harness.invoke(BEHAVING, "\"exit 3\"");
        harness.awaitResets(1);
        Answer next = harness.invoke(BEHAVING, "\"count\"");

        assertThat(exited.outcome()).isEqualTo(Outcome.RUNTIME_EXITED);
        assertThat(exited.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(exited.errorMessage())
                .isEqualTo("RequestId: " + exited.requestId() + " Error: Runtime exited with error: exit status 3");
        assertThat(exited.logTail()).contains("leaving\n").endsWith("Status: error\tError Type: Runtime.ExitError\n");
        assertThat(next.body()).isEqualTo("2"); // /tmp survives the reset
        assertThat(next.suppressedInit()).isTrue();
        assertThat(next.logTail()).doesNotContain("Init Duration", "INIT_START", "Status:");
    }

    @Test
    void shouldTellApartHowARuntimeEnds() {
        Answer silent = harness.invoke(BEHAVING, "\"exit 0\"");
        Answer killed = harness.invoke(BEHAVING, "\"kill\"");

        assertThat(silent.errorMessage()).endsWith("Error: Runtime exited without providing a reason");
        assertThat(killed.errorMessage()).endsWith("Error: Runtime exited with error: signal: killed");
    }

    @Test
    void shouldEndAHangingInvocationAtItsTimeout() {
        Answer timedOut = harness.invoke(BEHAVING, "\"hang\"");
        harness.awaitResets(1);
        Answer next = harness.invoke(BEHAVING, "{}");

        assertThat(timedOut.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(timedOut.errorType()).isEqualTo("Sandbox.Timedout");
        assertThat(timedOut.logTail())
                .contains(timedOut.requestId() + " Task timed out after 2.00 seconds\n")
                .endsWith("Status: timeout\n");
        assertThat(next.body()).isEqualTo("{}");
        assertThat(next.suppressedInit()).isTrue();
    }

    @Test
    void shouldRefuseSecondAndWrongResponses() throws IOException {
        assertThat(harness.invoke(BEHAVING, "\"twice\"").body()).isEqualTo("first");
        assertThat(harness.invoke(BEHAVING, "\"wrong\"").body())
                .startsWith("400 {\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}");
        harness.close();
        String log = harness.log("behaving");
        assertThat(log).contains("second 400 {\"errorMessage\":\"Invalid request ID\"");
    }

    @Test
    void shouldRefuseOneByteTooMany() {
        Answer limit = harness.invoke(BEHAVING, "\"limit\"");
        Answer big = harness.invoke(BEHAVING, "\"big\"");

        assertThat(limit.bodyBytes()).isEqualTo(6_291_556);
        assertThat(big.outcome()).isEqualTo(Outcome.FUNCTION_ERROR);
        assertThat(big.errorType()).isEqualTo("Function.ResponseSizeTooLarge");
        assertThat(big.errorMessage())
                .isEqualTo("Response payload size exceeded maximum allowed payload size (6291556 bytes).");
        assertThat(harness.invoke(BEHAVING, "{}").body()).isEqualTo("{}");
    }

    @Test
    void shouldPassAFunctionErrorByteForByte() {
        Answer error = harness.invoke(BEHAVING, "\"error\"");
        assertThat(error.outcome()).isEqualTo(Outcome.FUNCTION_ERROR);
        assertThat(error.body()).isEqualTo("{\"errorMessage\":\"no\",\"errorType\":\"Mine\"}");
        assertThat(error.errorType()).isNull();
    }

    @Test
    void shouldPassAnInitErrorByteForByte() throws IOException {
        Answer failed = harness.invoke(INIT_ERROR, "{}");

        assertThat(failed.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(failed.body())
                .isEqualTo(
                        "{\"errorMessage\":\"Failed to load function.\",\"errorType\":\"InvalidFunctionException\"}");
        harness.close();
        String log = harness.log("init-error");
        assertThat(log.lines().filter(line -> line.startsWith("INIT_REPORT")))
                .singleElement()
                .asString()
                .endsWith("\tPhase: init\tStatus: error\tError Type: Runtime.NoSuchHandler");
    }

    @Test
    void shouldReportAnExitDuringInit() {
        Answer failed = harness.invoke(INIT_EXIT, "{}");
        assertThat(failed.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(failed.errorType()).isEqualTo("Runtime.ExitError");
        assertThat(failed.errorMessage())
                .isEqualTo("RequestId: " + failed.requestId() + " Error: Runtime exited with error: exit status 7");
    }

    @Test
    void shouldReportAMissingEntrypoint() {
        for (int functionId : new int[] {NO_BOOTSTRAP, NOT_EXECUTABLE}) {
            Answer failed = harness.invoke(functionId, "{}");
            assertThat(failed.errorType()).isEqualTo("Runtime.InvalidEntrypoint");
            assertThat(failed.errorMessage())
                    .isEqualTo("RequestId: " + failed.requestId()
                            + " Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        }
    }

    @Test
    void shouldThawAFrozenEnvironment() {
        harness.invoke(BEHAVING, "1");
        harness.awaitFrozen();
        Answer thawed = harness.invoke(BEHAVING, "2");

        assertThat(thawed.body()).isEqualTo("2");
    }

    @Test
    void shouldReportThatMemoryRanOut() {
        Answer failed = harness.invoke(PATIENT, "\"memory\"");
        assertThat(failed.outcome()).isEqualTo(Outcome.RUNTIME_EXITED);
        assertThat(failed.errorMessage()).endsWith("signal: killed");
        assertThat(failed.outOfMemory()).isTrue();
        assertThat(failed.logTail()).endsWith("Status: error\tError Type: Runtime.OutOfMemory\n");
    }

    @Test
    void shouldKeepTheLastFourKilobytesOfAChattyFunction() {
        Answer chatty = harness.invoke(BEHAVING, "\"chatty\"");
        assertThat(chatty.logTail())
                .hasSize(LogTail.LIMIT_BYTES)
                .contains("line 2000\nEND RequestId")
                .endsWith("\t\n");
    }

    /**
     * Dozens of shells share this machine, each at a few percent of a core: no time limit of the function may act, and an
     * init that runs out of its own is done again inside the invocation.
     */
    @Test
    void shouldServeManyAtOnceInOrder() throws IOException {
        List<CompletableFuture<Answer>> sent = IntStream.range(0, 40)
                .mapToObj(i -> harness.send(UNHURRIED, "\"" + i + "\"", i % 2 == 0))
                .toList();
        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).join().body()).isEqualTo("\"" + i + "\"");
        }
        harness.close();
        List<String> lines = harness.log("unhurried")
                .lines()
                .filter(line -> !line.equals("202") && !line.startsWith("init of "))
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("handling")) {
                assertThat(lines.get(i - 1)).startsWith("START");
                assertThat(lines.subList(i + 1, i + 3)).anyMatch(line -> line.startsWith("END"));
            }
        }
        assertThat(lines.stream().filter(line -> line.startsWith("handling"))).hasSize(40);
    }

    private DeployedFunction function(String name, String bootstrap, boolean executable, int timeoutSec)
            throws IOException {
        Path code = Files.createDirectories(directory.resolve("code").resolve(name));
        if (!bootstrap.isEmpty()) {
            Path file = Files.writeString(code.resolve("bootstrap"), bootstrap);
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
        Files.setPosixFilePermissions(code, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Functions.of(name, code, timeoutSec, Map.of());
    }
}
