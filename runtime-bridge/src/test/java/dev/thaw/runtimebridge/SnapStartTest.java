package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.runtimebridge.ScriptedBackend.ScriptedSandbox;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions whose environments go on from a snapshot (contract.md sections 2.1, 2.2 and 13). */
final class SnapStartTest {
    private static final String RESTORE_NEXT = "GET /2018-06-01/runtime/restore/next HTTP/1.1\r\n\r\n";
    private static final Path FOLDER = Path.of("/snapshots/1");

    @TempDir
    Path logs;

    private BridgeBed bed;

    @BeforeEach
    void open() {
        bed = new BridgeBed(logs);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    // --- it is made

    @Test
    void shouldMakeASnapshotWhereARuntimeWithHooksWaits() throws IOException {
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        ScriptedSandbox sandbox = bed.backend.last();
        sandbox.created();
        bed.turn();
        EmbeddedChannel runtime = bed.connect();
        assertThat(BridgeBed.exchange(runtime, RESTORE_NEXT)).isEmpty();
        bed.turn();
        assertThat(sandbox.commands).containsExactly("start", "endBoost", "snapshot /snapshots/1");

        sandbox.snapshotTaken();
        bed.turn();
        assertThat(sandbox.commands).endsWith("destroy");
        assertThat(taken).isNotDone();
        sandbox.destroyed();
        bed.turn();

        assertThat(taken.join().folder()).isEqualTo(FOLDER);
        assertThat(sandbox.spec.snapshot()).isNull();
        assertThat(sandbox.spec.environment())
                .containsEntry("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
                .doesNotContainKeys("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME");
        assertThat(bed.log()).contains("INIT_START ").contains("INIT_REPORT Init Duration: 0.00 ms\tPhase: init\n");
    }

    @Test
    void shouldMakeOneOfARuntimeWithoutHooksAtItsFirstNext() {
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        bed.backend.last().created();
        bed.turn();
        bed.askForMore(bed.connect());
        bed.turn();

        assertThat(bed.backend.last().commands).endsWith("snapshot /snapshots/1");
        assertThat(taken).isNotDone();
    }

    @Test
    void shouldSayWhyAnInitFailed() throws IOException {
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        bed.backend.last().created();
        bed.turn();
        String body = "{}";
        BridgeBed.send(
                bed.connect(),
                "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nLambda-Runtime-Function-Error-Type: Function.Bad\r\n"
                        + "Content-Length: 2\r\n\r\n" + body);
        bed.turn();
        bed.backend.last().destroyed();
        bed.turn();

        assertFailure(taken, "FunctionError.RuntimeInitError", "Function.Bad");
        assertThat(bed.log()).contains("Phase: init\tStatus: error\tError Type: Function.Bad");
    }

    @Test
    void shouldLimitSuchAnInitTo130Seconds() throws IOException {
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        bed.backend.last().created();
        bed.turn();
        bed.passOnEventLoop(129, TimeUnit.SECONDS);
        assertThat(bed.backend.last().commands).containsExactly("start");
        bed.passOnEventLoop(1, TimeUnit.SECONDS);
        bed.backend.last().wasReset();
        bed.turn();
        bed.backend.last().destroyed();
        bed.turn();

        assertFailure(taken, "FunctionError.InitTimeout", "130 s");
        assertThat(bed.log()).contains("Phase: init\tStatus: timeout");
    }

    @Test
    void shouldSayThatTheSandboxCouldNotBeOne() {
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        bed.backend.last().created();
        bed.turn();
        bed.askForMore(bed.connect());
        bed.turn();
        bed.backend.last().snapshotFailed("disk full");
        bed.turn();
        bed.backend.last().destroyed();
        bed.turn();

        assertFailure(taken, "InternalError", "disk full");
    }

    private static void assertFailure(CompletableFuture<Snapshot> taken, String reasonCode, String part) {
        assertThat(taken).isCompletedExceptionally();
        SnapshotFailure failure = (SnapshotFailure) taken.handle(
                        (_, why) -> why instanceof CompletionException wrapped && wrapped.getCause() != null
                                ? wrapped.getCause()
                                : why)
                .join();
        assertThat(failure.reasonCode()).isEqualTo(reasonCode);
        assertThat(failure).hasMessageContaining(part);
    }

    // --- it is gone on from

    private int restored(Snapshot snapshot) {
        int functionId = bed.addRestored(snapshot);
        bed.invoke(functionId);
        bed.backend.last().created();
        bed.deliver();
        return functionId;
    }

    @Test
    void shouldRunHooksAndServe() throws IOException {
        int functionId = restored(new Snapshot(FOLDER, List.of(), List.of()));
        assertThat(bed.backend.last().spec.snapshot()).isEqualTo(FOLDER);
        assertThat(bed.backend.last().commands).containsExactly("start");
        EmbeddedChannel runtime = bed.connect();
        assertThat(BridgeBed.exchange(runtime, RESTORE_NEXT))
                .startsWith("HTTP/1.1 200")
                .contains("Content-Length: 0");
        bed.pass(20, TimeUnit.MILLISECONDS);
        bed.askForMore(runtime);
        bed.deliver();
        bed.respond(runtime, "id-1", "done");
        bed.deliver();
        bed.askForMore(runtime);
        bed.deliver();
        bed.invoke(functionId);
        bed.respond(runtime, "id-2", "again");
        bed.deliver();

        assertThat(bed.answers).extracting(BridgeBed.Answer::body).containsExactly("done", "again");
        assertThat(bed.log())
                .contains("RESTORE_START Runtime Version: ")
                .doesNotContain("INIT_START")
                .contains("RESTORE_REPORT Restore Duration: 20.00 ms\nSTART RequestId: id-1 Version: 1")
                .containsPattern("REPORT RequestId: id-1.*Billed Duration: 20 ms.*"
                        + "Restore Duration: 20.00 ms\tBilled Restore Duration: 20 ms")
                .doesNotContainPattern("REPORT RequestId: id-2.*Restore");
    }

    @Test
    void shouldServeARuntimeWithoutHooks() {
        restored(new Snapshot(FOLDER, List.of(), List.of()));
        EmbeddedChannel runtime = bed.connect();
        bed.askForMore(runtime);
        bed.deliver();
        bed.respond(runtime, "id-1", "done");
        bed.deliver();

        assertThat(bed.answers).extracting(BridgeBed.Answer::outcome).containsExactly(Outcome.RESPONSE);
    }

    @Test
    void shouldKeepTheBoostOfAnEmulatedMachineUntilItsFirstAnswer() {
        bed.backend.emulated = true;
        restored(new Snapshot(FOLDER, List.of(), List.of()));
        EmbeddedChannel runtime = bed.connect();
        bed.askForMore(runtime);
        bed.deliver();
        assertThat(bed.backend.last().commands).containsExactly("start");

        bed.respond(runtime, "id-1", "done");
        bed.deliver();
        assertThat(bed.backend.last().commands).startsWith("start", "endBoost");
    }

    @Test
    void shouldKeepThatBoostForNoLongerThanAnInits() {
        bed.backend.emulated = true;
        restored(new Snapshot(FOLDER, List.of(), List.of()));
        bed.askForMore(bed.connect());
        bed.deliver();
        bed.passOnEventLoop(9, TimeUnit.SECONDS);
        assertThat(bed.backend.last().commands).containsExactly("start");

        bed.passOnEventLoop(1, TimeUnit.SECONDS);
        assertThat(bed.backend.last().commands).containsExactly("start", "endBoost");
    }

    @Test
    void shouldRefuseWhereAHookFailed() throws IOException {
        restored(new Snapshot(FOLDER, List.of(), List.of()));
        EmbeddedChannel runtime = bed.connect();
        BridgeBed.send(runtime, RESTORE_NEXT);
        assertThat(BridgeBed.exchange(
                        runtime,
                        "POST /2018-06-01/runtime/restore/error HTTP/1.1\r\n"
                                + "Lambda-Runtime-Function-Error-Type: Function.Hook\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 202");
        bed.deliver();

        assertThat(bed.answers).extracting(BridgeBed.Answer::refusal).containsExactly(Refusal.RESTORE_FAILED);
        assertThat(bed.backend.last().commands).containsExactly("start", "destroy");
        assertThat(bed.log()).contains("RESTORE_REPORT").contains("Status: error\tError Type: Function.Hook");
    }

    @Test
    void shouldRefuseWhereHooksTakeLongerThanTenSeconds() throws IOException {
        restored(new Snapshot(FOLDER, List.of(), List.of()));
        BridgeBed.send(bed.connect(), RESTORE_NEXT);
        bed.pass(11, TimeUnit.SECONDS);

        assertThat(bed.answers).extracting(BridgeBed.Answer::refusal).containsExactly(Refusal.RESTORE_TIMED_OUT);
        assertThat(bed.log()).contains("RESTORE_REPORT Restore Duration: 11000.00 ms\tStatus: timeout");
    }

    @Test
    void shouldRestoreAnewAfterItsRuntimeEnded() {
        int functionId = restored(new Snapshot(FOLDER, List.of(), List.of()));
        bed.askForMore(bed.connect());
        bed.deliver();
        bed.backend.last().exited(1);
        bed.turn();
        bed.pass(1, TimeUnit.MILLISECONDS);
        assertThat(bed.backend.last().commands).endsWith("destroy").doesNotContain("reset");
        bed.backend.last().destroyed();
        bed.deliver();
        bed.invoke(functionId);

        assertThat(bed.backend.sandboxes).hasSize(2);
        assertThat(bed.backend.last().spec.snapshot()).isEqualTo(FOLDER);
    }

    /** They know themselves by the ids from before the snapshot. */
    @Test
    void shouldGoOnWithExtensions() {
        bed.backend.extensions = List.of("watcher");
        String id = "5f2b6c1e-7f53-4a8f-9d0e-6a1d4b9c7e21";
        restored(new Snapshot(FOLDER, List.of(new Snapshot.Registration("watcher", id, true, true)), List.of()));
        assertThat(bed.backend.last().commands).containsExactly("start");
        EmbeddedChannel runtime = bed.connect();
        bed.askForMore(runtime);
        bed.deliver();
        assertThat(bed.answers).isEmpty();
        EmbeddedChannel extension = bed.connect();
        BridgeBed.send(
                extension,
                "GET /2020-01-01/extension/event/next HTTP/1.1\r\nLambda-Extension-Identifier: " + id + "\r\n\r\n");
        bed.deliver();
        bed.respond(runtime, "id-1", "done");
        bed.deliver();

        assertThat(bed.answers).extracting(BridgeBed.Answer::body).containsExactly("done");
    }
}
