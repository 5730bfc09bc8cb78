package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.runtimebridge.BridgeBed.Answer;
import dev.thaw.runtimebridge.ScriptedBackend.ScriptedSandbox;
import dev.thaw.scheduler.core.Outcome;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong between scheduler, sandbox and runtime, in made-up time and in every order. */
final class SandboxEnvironmentTest {
    private static final String LOST = "Error: Runtime exited without providing a reason";

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

    // --- init that fails twice

    /** Contract.md section 6.1: the tail ends with the REPORT line, and is wanted most where nothing works. */
    @Test
    void shouldLogFromStartToReportWhereOnlyInitWasReached() throws IOException {
        bed.wantsTails = true;
        failTwice();
        String log = bed.log();

        assertThat(log)
                .containsSubsequence(
                        "\tPhase: init\tStatus: error\t",
                        "START RequestId: id-1 Version: ",
                        "RequestId: id-1 Error: Runtime exited with error: exit status 3\n",
                        "END RequestId: id-1\n",
                        "REPORT RequestId: id-1\t");
        assertThat(bed.tails)
                .singleElement()
                .isEqualTo(log.substring(log.indexOf("START RequestId: id-1")))
                .asString()
                .endsWith("Status: error\tError Type: Runtime.ExitError\n");
    }

    @Test
    void shouldDestroyAnEnvironmentWhoseInitFailsAfterAReset() {
        failTwice();
        assertFailed("id-1", Outcome.INIT_FAILED, "Error: Runtime exited with error: exit status 3");
        assertThat(bed.backend.last().commands).endsWith("reset", "start", "destroy");
        bed.backend.last().destroyed();
        bed.invoke();

        EmbeddedChannel next = started();
        bed.respond(next, "id-2", "another");
        bed.deliver();
        assertThat(bed.answers).last().extracting(Answer::body).isEqualTo("another");
    }

    private void failTwice() {
        bed.invoke();
        bed.backend.last().created();
        bed.deliver();
        exit(3);
        bed.deliver();
        bed.backend.last().wasReset();
        bed.deliver();
        exit(3);
        bed.deliver();
    }

    // --- commands that are not answered

    @Test
    void shouldGiveUpASandboxThatIsNeverCreated() throws IOException {
        bed.invoke();
        passBound();
        assertThat(bed.backend.sandboxes).hasSize(2); // the room was given back: there is but one environment's
        passBound();
        passBound();

        assertFailed("id-1", Outcome.INIT_FAILED, LOST);
        assertThat(bed.environments()).isZero();
        assertThat(bed.scheduler.counts().failed()).isEqualTo(3);
        assertThat(bed.log()).contains("thaw: create of the sandbox was not answered within 60 s\n");
    }

    @Test
    void shouldWaitForASandboxAsLongAsItsBoundAllows() {
        bed.invoke();
        bed.pass(SandboxControl.ANSWER_BOUND_SEC - 1, TimeUnit.SECONDS);
        EmbeddedChannel runtime = started();
        bed.respond(runtime, "id-1", "late");
        bed.deliver();

        assertThat(bed.answers).extracting(Answer::body).containsExactly("late");
        assertThat(bed.backend.sandboxes).hasSize(1);
    }

    @Test
    void shouldDestroyASandboxThatIsCreatedOnceItWasGivenUp() {
        bed.invoke();
        passBound();
        bed.backend.sandboxes.getFirst().created();
        bed.deliver();

        assertThat(bed.backend.sandboxes.getFirst().commands).containsExactly("destroy");
        assertThat(bed.environments()).isEqualTo(1); // the second attempt's
    }

    @Test
    void shouldFailAnEnvironmentWhoseResetIsNeverAnswered() throws IOException {
        busy();
        exit(3);
        bed.deliver();
        assertFailed("id-1", Outcome.RUNTIME_EXITED, "Error: Runtime exited with error: exit status 3");
        bed.pass(SandboxControl.ANSWER_BOUND_SEC / 2, TimeUnit.SECONDS);
        bed.invoke(); // waits: the only environment is being reset
        bed.pass(SandboxControl.ANSWER_BOUND_SEC / 2, TimeUnit.SECONDS);
        assertThat(bed.backend.last().commands).endsWith("reset", "destroy");
        bed.backend.last().destroyed();
        bed.deliver();

        EmbeddedChannel next = started();
        bed.respond(next, "id-2", "served elsewhere");
        bed.deliver();
        assertThat(bed.answers).last().extracting(Answer::body).isEqualTo("served elsewhere");
        assertThat(bed.log()).contains("thaw: reset of the sandbox was not answered within 60 s\n");
    }

    @Test
    void shouldGiveUpASandboxThatIsNeverDestroyed() throws IOException {
        busy();
        exit(3);
        bed.deliver();
        passBound();
        assertThat(bed.environments()).isEqualTo(1);
        passBound();
        assertThat(bed.environments()).isZero();
        ScriptedSandbox givenUp = bed.backend.last();
        givenUp.destroyed(); // too late to matter
        bed.invoke();

        assertThat(bed.backend.sandboxes).hasSize(2);
        assertThat(bed.scheduler.counts().stale()).isZero();
        assertThat(bed.log()).contains("thaw: destroy of the sandbox was not answered within 60 s\n");
    }

    @Test
    void shouldGiveUpADestroyThatWaitsForACreate() {
        bed.invoke();
        bed.scheduler.shutdown(0);
        passBound();
        assertThat(bed.scheduler.isTerminated()).isTrue();
        bed.backend.last().created();
        bed.deliver();

        assertThat(bed.backend.last().commands).containsExactly("destroy");
    }

    @Test
    void shouldDestroyWhatIsCreatedWhileItIsToBeDestroyed() {
        bed.invoke();
        bed.scheduler.shutdown(0);
        bed.pass(SandboxControl.ANSWER_BOUND_SEC - 1, TimeUnit.SECONDS);
        bed.backend.last().created();
        bed.pass(SandboxControl.ANSWER_BOUND_SEC - 1, TimeUnit.SECONDS); // its own bound
        assertThat(bed.backend.last().commands).containsExactly("destroy");
        assertThat(bed.scheduler.isTerminated()).isFalse();
        bed.backend.last().destroyed();
        bed.deliver();

        assertThat(bed.scheduler.isTerminated()).isTrue();
    }

    @Test
    void shouldForgetTheBoundOfACommandThatWasAnswered() {
        busy();
        exit(3);
        bed.deliver();
        bed.backend.last().wasReset();
        bed.deliver();
        passBound();
        passBound();

        assertThat(bed.backend.last().commands).containsExactly("start", "endBoost", "reset");
        assertThat(bed.environments()).isEqualTo(1);
    }

    // --- commands that fail

    @ParameterizedTest
    @ValueSource(strings = {"start", "endBoost"})
    void shouldDestroyASandboxThatCannotBeStarted(String command) throws IOException {
        bed.backend.failing.add(command);
        bed.invoke();
        ScriptedSandbox failed = bed.backend.last();
        failed.created();
        bed.deliver();
        if (command.equals("endBoost")) {
            bed.connectRuntime();
        }
        assertThat(failed.commands).endsWith(command, "destroy");
        bed.backend.failing.clear();
        failed.destroyed();
        bed.deliver();

        if (command.equals("endBoost")) { // its runtime had the invocation by then
            assertFailed("id-1", Outcome.RUNTIME_EXITED, LOST);
        } else {
            bed.respond(started(), "id-1", "served elsewhere");
            bed.deliver();
            assertThat(bed.answers).extracting(Answer::body).containsExactly("served elsewhere");
        }
        assertThat(bed.log()).contains(" of the sandbox failed: " + command + " failed with errno 5\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze", "thaw", "reset"})
    void shouldServeElsewhereWhereACommandFails(String command) throws IOException {
        bed.backend.failing.add(command);
        EmbeddedChannel runtime = busy();
        ScriptedSandbox failed = bed.backend.last();
        bed.respond(runtime, "id-1", "one");
        bed.askForMore(runtime);
        bed.deliver();
        bed.pass(1, TimeUnit.SECONDS); // freezes
        if (command.equals("reset")) {
            exit(0);
            bed.deliver();
        }
        bed.invoke();
        assertThat(failed.commands).endsWith(command, "destroy");
        failed.destroyed();
        bed.deliver();
        bed.respond(started(), "id-2", "two");
        bed.deliver();

        assertThat(bed.answers).extracting(Answer::body).containsExactly("one", "two");
        assertThat(bed.answers).extracting(Answer::errorType).containsOnlyNulls();
        assertThat(bed.log()).contains("thaw: " + command + " of the sandbox failed: " + command);
    }

    @Test
    void shouldGiveRoomBackWhereASandboxCannotBeDestroyed() throws IOException {
        bed.backend.failing.add("destroy");
        busy();
        bed.scheduler.shutdown(0);
        bed.pass(BridgeBed.TIMEOUT_SEC, TimeUnit.SECONDS);

        assertThat(bed.backend.last().commands).endsWith("destroy");
        assertThat(bed.scheduler.isTerminated()).isTrue();
        assertThat(bed.log()).contains("thaw: destroy of the sandbox failed: destroy failed with errno 5\n");
    }

    @Test
    void shouldAnswerWhereNoSandboxCanBeAskedFor() throws IOException {
        bed.backend.failing.add("create");
        bed.invoke();

        assertFailed("id-1", Outcome.INIT_FAILED, LOST);
        assertThat(bed.environments()).isZero();
        assertThat(bed.log()).contains("thaw: sandbox could not be created: create failed with errno 5\n");
    }

    // --- answers and ends that meet on their way to the scheduler

    @ParameterizedTest
    @ValueSource(strings = {"", "answered"})
    void shouldCountAnAnswerWhoseRuntimeEndedBeforeItWasSettled(String body) throws IOException {
        EmbeddedChannel runtime = busy();
        bed.respond(runtime, "id-1", body);
        exit(3);
        bed.deliver(); // only now does the scheduler see both

        assertThat(bed.answers).containsExactly(new Answer(Outcome.RESPONSE, null, "id-1", body, null, null));
        assertThat(bed.backend.last().commands).endsWith("reset");
        assertThat(bed.log().lines().filter(line -> line.startsWith("REPORT ")))
                .singleElement()
                .asString()
                .doesNotContain("Status:", "Error Type:");
    }

    @Test
    void shouldCountAnAnswerWhoseSandboxIsGoneBeforeItWasSettled() {
        EmbeddedChannel runtime = busy();
        bed.respond(runtime, "id-1", "answered");
        bed.backend.last().destroyed();
        bed.deliver();

        assertThat(bed.answers).containsExactly(new Answer(Outcome.RESPONSE, null, "id-1", "answered", null, null));
        assertThat(bed.environments()).isZero();
    }

    @Test
    void shouldTellHowARuntimeEndedDuringShutdown() {
        busy();
        bed.scheduler.shutdown(0);
        exit(3);
        bed.deliver();

        assertFailed("id-1", Outcome.RUNTIME_EXITED, "Error: Runtime exited with error: exit status 3");
    }

    @Test
    void shouldTellThatTheSandboxWasLostAtWork() throws IOException {
        busy();
        bed.backend.last().destroyed();
        bed.deliver();

        assertFailed("id-1", Outcome.RUNTIME_EXITED, LOST);
        assertThat(bed.log()).containsPattern("REPORT RequestId: id-1\t.*Status: error\tError Type: Runtime.ExitError");
    }

    @Test
    void shouldNotTellAnEarlierEndOfALaterLoss() {
        busy();
        exit(3);
        bed.deliver();
        bed.backend.last().wasReset();
        bed.deliver();
        bed.invoke();
        bed.backend.last().destroyed(); // in its suppressed init
        bed.deliver();

        assertFailed("id-2", Outcome.RUNTIME_EXITED, LOST);
    }

    // --- logs

    @Test
    void shouldServeWhereItsLogCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("f"), "in the way of the log's folder");
        EmbeddedChannel runtime = busy();
        bed.respond(runtime, "id-1", "served");
        bed.askForMore(runtime);
        bed.deliver();
        bed.invoke();
        bed.respond(runtime, "id-2", "again");
        bed.deliver();
        bed.close();

        assertThat(bed.answers).extracting(Answer::body).containsExactly("served", "again");
    }

    /** An environment at work on the first invocation. */
    private EmbeddedChannel busy() {
        bed.invoke();
        return started();
    }

    /** The last sandbox is created and its runtime asks for an event. */
    private EmbeddedChannel started() {
        bed.backend.last().created();
        bed.deliver();
        return bed.connectRuntime();
    }

    /** The runtime ends, and the event loop knows; the scheduler has been told nothing yet. */
    private void exit(int code) {
        bed.backend.last().exited(code);
        bed.turn();
        bed.passOnEventLoop(1, TimeUnit.MILLISECONDS);
    }

    private void passBound() {
        bed.pass(SandboxControl.ANSWER_BOUND_SEC, TimeUnit.SECONDS);
    }

    private void assertFailed(String requestId, Outcome outcome, String message) {
        assertThat(bed.answers)
                .last()
                .isEqualTo(new Answer(
                        outcome, null, requestId, "", "Runtime.ExitError", "RequestId: " + requestId + " " + message));
    }
}
