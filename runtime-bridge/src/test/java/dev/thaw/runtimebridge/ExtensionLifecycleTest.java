package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.runtimebridge.BridgeBed.Answer;
import dev.thaw.scheduler.core.Outcome;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environments with extensions from init to shutdown, in made-up time (contract.md sections 2, 4, 18, 22). */
final class ExtensionLifecycleTest {
    private static final String BOTH = "[\"INVOKE\",\"SHUTDOWN\"]";
    private static final long KEEP_ALIVE_SEC = 600;

    @TempDir
    private Path directory;

    private BridgeBed bed;

    @BeforeEach
    void open() {
        bed = new BridgeBed(directory);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    // --- init

    @Test
    void shouldStartTheRuntimeOnceItsExtensionsHaveRegistered() {
        external("a", "b");
        bed.register("a", BOTH);
        assertThat(commands()).containsExactly("start");
        bed.register("b", BOTH);

        assertThat(commands()).containsExactly("start", "startRuntime");
    }

    @Test
    void shouldEndInitOnceRuntimeAndExtensionsHaveAskedForAnEvent() {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = bed.connectRuntime();
        assertThat(commands()).doesNotContain("endBoost");
        assertThat(bed.scheduler.counts().starting()).isEqualTo(1);
        next(extension);

        assertThat(commands()).containsExactly("start", "startRuntime", "endBoost");
        assertThat(bed.scheduler.counts().busy()).isEqualTo(1);
        bed.respond(runtime, "id-1", "hello");
        bed.deliver();
        assertThat(bed.answers).extracting(Answer::body).containsExactly("hello");
    }

    @Test
    void shouldCountAnInternalExtensionInAsWell() {
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
        ScriptedExtension inside = bed.register("inside", "[\"INVOKE\"]");
        bed.connectRuntime();
        assertThat(bed.scheduler.counts().starting()).isEqualTo(1);
        next(inside);

        assertThat(bed.scheduler.counts().busy()).isEqualTo(1);
        assertThat(inside.answer()).contains("\"eventType\":\"INVOKE\"", "\"requestId\":\"id-1\"");
        assertThat(bed.register("late", "[]").registration).contains("Extension.RegistrationClosed");
    }

    @Test
    void shouldReportAnExtensionThatCrashesInInitAndInitAgainInsideTheInvocation() throws IOException {
        external("a");
        bed.pass(7, TimeUnit.MILLISECONDS);
        bed.backend.last().extensionExited(0, 1);
        bed.deliver();
        assertThat(commands()).containsExactly("start", "thaw", "reset"); // nobody is left to be told
        bed.backend.last().wasReset();
        bed.deliver();
        EmbeddedChannel runtime = readyBeside(bed.register("a", BOTH));
        bed.respond(runtime, "id-1", "hello");
        bed.deliver();

        assertThat(bed.answers).extracting(Answer::body).containsExactly("hello");
        assertThat(bed.log())
                .contains(
                        "INIT_REPORT Init Duration: 7.00 ms\tPhase: init\tStatus: error\tError Type: Extension.Crash\n")
                .containsOnlyOnce("INIT_REPORT");
    }

    @Test
    void shouldTellTheInvokerOfAnExtensionThatFailsInEveryInit() {
        external("a");
        bed.register("a", BOTH).report("init/error", "Extension.ConfigInvalid");
        bed.deliver();
        runtimeEnds();
        bed.backend.last().extensionExited(0, 1);
        bed.deliver();
        bed.backend.last().wasReset();
        bed.deliver();
        bed.register("a", BOTH).report("init/error", "Extension.ConfigInvalid");
        bed.deliver();

        Answer answer = bed.answers.getFirst();
        assertThat(answer.outcome()).isEqualTo(Outcome.INIT_FAILED);
        assertThat(answer.errorType()).isEqualTo("Extension.InitError");
        assertThat(answer.errorMessage()).isEqualTo("RequestId: id-1 Error: Extension.ConfigInvalid");
    }

    @Test
    void shouldEndAnInitWhoseExtensionNeverRegisters() throws IOException {
        external("a");
        bed.pass(10, TimeUnit.SECONDS);

        assertThat(commands()).endsWith("thaw", "reset").doesNotContain("startRuntime"); // nobody is to be told
        assertThat(bed.log()).contains("INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n");
    }

    // --- invoke

    @Test
    void shouldAnswerBeforeExtensionsAreDoneAndStayBusyUntilTheyAre() throws IOException {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        assertThat(bed.answers).extracting(Answer::body).containsExactly("hello");
        bed.pass(500, TimeUnit.MILLISECONDS);
        assertThat(bed.scheduler.counts().busy()).isEqualTo(1);
        assertThat(commands()).doesNotContain("freeze");
        next(extension);
        assertThat(bed.scheduler.counts().idle()).isEqualTo(1);
        bed.pass(100, TimeUnit.MILLISECONDS);

        assertThat(commands()).endsWith("freeze");
        assertThat(bed.log()).contains("\tDuration: 500.00 ms\tBilled Duration: 500 ms\t");
    }

    @Test
    void shouldWaitForTheRuntimeWhereExtensionsAreDoneFirst() {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        next(extension);
        bed.respond(runtime, "id-1", "hello");
        bed.deliver();
        assertThat(bed.scheduler.counts().busy()).isEqualTo(1);
        bed.askForMore(runtime);
        bed.deliver();

        assertThat(bed.scheduler.counts().idle()).isEqualTo(1);
    }

    @Test
    void shouldServeTheNextInvocationAfterTheReportOfTheLast() throws IOException {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        bed.respond(runtime, "id-1", "1");
        bed.askForMore(runtime);
        bed.deliver();
        next(extension);
        bed.invoke();
        assertThat(extension.answer()).contains("\"requestId\":\"id-2\"");
        bed.respond(runtime, "id-2", "2");
        bed.askForMore(runtime);
        bed.deliver();
        next(extension);

        assertThat(bed.answers).extracting(Answer::body).containsExactly("1", "2");
        assertThat(bed.log())
                .containsSubsequence("START RequestId: id-1", "REPORT RequestId: id-1", "START RequestId: id-2");
    }

    @Test
    void shouldResetAfterItsAnswerWhereAnExtensionOverrunsTheTimeout() throws IOException {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        bed.pass(78, TimeUnit.MILLISECONDS);
        EmbeddedChannel runtime = readyBeside(extension);
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        bed.pass(BridgeBed.TIMEOUT_SEC * 1_000 + 27, TimeUnit.MILLISECONDS);

        assertThat(bed.answers).extracting(Answer::outcome).containsExactly(Outcome.RESPONSE);
        assertThat(commands()).endsWith("terminateRuntime");
        runtimeEnds();
        assertThat(extension.next()).contains("\"eventType\":\"SHUTDOWN\"", "\"shutdownReason\":\"TIMEOUT\"");
        bed.pass(EnvironmentShutdown.EXTERNAL_BUDGET_MS, TimeUnit.MILLISECONDS);
        assertThat(commands()).endsWith("reset");
        assertThat(bed.log())
                .as("no more than timeout and init is billed")
                .contains("id-1 Task timed out after 3.00 seconds\n")
                .containsPattern("\tDuration: 3027\\.00 ms\tBilled Duration: 3078 ms\t.*\tInit Duration: 78\\.00 ms\t"
                        + "Status: timeout\n");
    }

    @Test
    void shouldFailAnInvocationWhoseExtensionCrashes() {
        external("a");
        readyBeside(bed.register("a", BOTH));
        bed.backend.last().extensionExited(0, 2);
        bed.deliver();

        Answer answer = bed.answers.getFirst();
        assertThat(answer.outcome()).isEqualTo(Outcome.RUNTIME_EXITED);
        assertThat(answer.errorType()).isEqualTo("Extension.Crash");
        assertThat(answer.errorMessage()).isEqualTo("RequestId: id-1 Error: exit status 2");
        assertThat(commands()).endsWith("terminateRuntime");
    }

    /** The answer counts; the report is where the next invocation's suppressed init is explained. */
    @Test
    void shouldReportAnExtensionThatCrashesAfterTheAnswer() throws IOException {
        external("a");
        EmbeddedChannel runtime = readyBeside(bed.register("a", BOTH));
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        bed.backend.last().extensionExited(0, 3);
        bed.deliver();

        assertThat(bed.answers).extracting(Answer::outcome).containsExactly(Outcome.RESPONSE);
        assertThat(bed.log())
                .containsSubsequence(
                        "RequestId: id-1 Error: exit status 3\nExtension.Crash\n",
                        "END RequestId: id-1\n",
                        "\tStatus: error\tError Type: Extension.Crash\n");
    }

    // --- reset and shutdown

    @Test
    void shouldTellExtensionsOfAFailureOnceTheRuntimeIsGone() {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        readyBeside(extension);
        runtimeEnds();
        assertThat(extension.next()).contains("\"shutdownReason\":\"FAILURE\"");
        assertThat(bed.answers.getFirst().errorType()).isEqualTo("Runtime.ExitError");
        assertThat(commands()).endsWith("thaw");
        bed.backend.last().extensionExited(0, 0);
        bed.deliver();

        assertThat(commands()).endsWith("reset"); // before its two seconds are over
    }

    @Test
    void shouldGiveExtensionsTwoSecondsOfWhichTheRuntimeHasThirtyPercent() {
        external("a");
        ScriptedExtension extension = idle();
        bed.pass(KEEP_ALIVE_SEC, TimeUnit.SECONDS);
        assertThat(commands()).endsWith("thaw", "terminateRuntime");
        bed.pass(599, TimeUnit.MILLISECONDS);
        assertThat(commands()).endsWith("terminateRuntime");
        bed.pass(1, TimeUnit.MILLISECONDS);
        assertThat(commands()).endsWith("killRuntime");
        assertThat(extension.answer()).isEmpty();
        runtimeEnds();
        assertThat(extension.answer())
                .endsWith("{\"eventType\":\"SHUTDOWN\",\"deadlineMs\":2000,\"shutdownReason\":\"SPINDOWN\"}");
        bed.pass(1_398, TimeUnit.MILLISECONDS);
        assertThat(commands()).endsWith("killRuntime");
        bed.pass(1, TimeUnit.MILLISECONDS);

        assertThat(commands()).endsWith("destroy");
    }

    @Test
    void shouldNotWaitForExtensionsThatDoNotHearOfShutdown() {
        external("a");
        ScriptedExtension extension = bed.register("a", "[\"INVOKE\"]");
        EmbeddedChannel runtime = readyBeside(extension);
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        next(extension);
        bed.pass(KEEP_ALIVE_SEC, TimeUnit.SECONDS);
        runtimeEnds();

        assertThat(commands()).endsWith("destroy");
    }

    @Test
    void shouldGiveARuntimeWithInternalExtensionsHalfASecond() {
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
        ScriptedExtension inside = bed.register("inside", "[]");
        EmbeddedChannel runtime = readyBeside(inside);
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        bed.pass(KEEP_ALIVE_SEC, TimeUnit.SECONDS);
        assertThat(commands()).endsWith("thaw", "terminateRuntime");
        bed.pass(499, TimeUnit.MILLISECONDS);
        assertThat(commands()).endsWith("terminateRuntime");
        bed.pass(1, TimeUnit.MILLISECONDS);

        assertThat(commands()).endsWith("destroy");
    }

    @Test
    void shouldEndARuntimeWithoutExtensionsAtOnce() {
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
        EmbeddedChannel runtime = bed.connectRuntime();
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        bed.pass(KEEP_ALIVE_SEC, TimeUnit.SECONDS);

        assertThat(commands()).containsExactly("start", "endBoost", "destroy");
    }

    @Test
    void shouldDestroyAnEnvironmentThatIsToldToWhileItIsBeingReset() {
        external("a");
        ScriptedExtension extension = bed.register("a", BOTH);
        readyBeside(extension);
        runtimeEnds();
        bed.scheduler.shutdown(0);
        bed.deliver();
        bed.pass(EnvironmentShutdown.EXTERNAL_BUDGET_MS, TimeUnit.MILLISECONDS);

        assertThat(commands()).endsWith("thaw", "destroy").doesNotContain("reset");
    }

    @Test
    void shouldForgetTheShutdownOfASandboxThatIsGone() {
        external("a");
        idle();
        bed.pass(KEEP_ALIVE_SEC, TimeUnit.SECONDS);
        bed.backend.last().destroyed();
        bed.deliver();
        bed.pass(EnvironmentShutdown.EXTERNAL_BUDGET_MS, TimeUnit.MILLISECONDS);

        assertThat(bed.environments()).isZero();
        assertThat(commands()).endsWith("terminateRuntime");
    }

    // --- steps

    /** An invocation has caused an environment whose external extensions have just been started. */
    private void external(String... names) {
        bed.backend.extensions = List.of(names);
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
    }

    /** The runtime and the extension have asked for their first event. */
    private EmbeddedChannel readyBeside(ScriptedExtension extension) {
        EmbeddedChannel runtime = bed.connectRuntime();
        next(extension);
        return runtime;
    }

    private ScriptedExtension idle() {
        ScriptedExtension extension = bed.register("a", BOTH);
        EmbeddedChannel runtime = readyBeside(extension);
        bed.respond(runtime, "id-1", "hello");
        bed.askForMore(runtime);
        bed.deliver();
        next(extension);
        return extension;
    }

    private void next(ScriptedExtension extension) {
        extension.answer();
        String answer = extension.next();
        assertThat(answer).doesNotContain("errorType");
        bed.deliver();
    }

    private void runtimeEnds() {
        bed.backend.last().exited(0);
        bed.deliver();
        bed.pass(1, TimeUnit.MILLISECONDS);
    }

    private List<String> commands() {
        return bed.backend.last().commands;
    }
}
