package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.runtimebridge.ScriptedBackend.ScriptedSandbox;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.functions.LoggingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults on purpose beside snapshots: both their making and each restore count as an init. */
@SuppressWarnings("NullAway.Init") // each test opens it
final class SnapshotFaultTest {
    private static final Path FOLDER = Path.of("/snapshots/1");

    @TempDir
    Path logs;

    private BridgeBed bed;

    private void open(String rule) {
        FaultPlan plan = new FaultPlan(1, List.of(FaultRule.parse(rule)));
        bed = new BridgeBed(logs, LoggingConfig.DEFAULT, plan);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private ScriptedSandbox restored() {
        bed.invoke(bed.addRestored(new Snapshot(FOLDER, List.of(), List.of())));
        bed.backend.last().created();
        bed.deliver();
        return bed.backend.last();
    }

    @Test
    void shouldMakeSnapshotsThroughAPlan() {
        open("delay@invoke:100%,1ms");
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        ScriptedSandbox sandbox = bed.backend.last();
        sandbox.created();
        bed.turn();
        bed.askForMore(bed.connect());
        bed.turn();
        sandbox.snapshotTaken();
        bed.turn();
        sandbox.destroyed();
        bed.turn();

        assertThat(sandbox.commands).containsExactly("start", "endBoost", "snapshot " + FOLDER, "destroy");
        assertThat(taken.join().folder()).isEqualTo(FOLDER);
    }

    @Test
    void shouldFailAVersionWhoseInitIsKilled() {
        open("crash@init:100%");
        CompletableFuture<Snapshot> taken = bed.takeSnapshot(FOLDER);
        bed.turn();
        ScriptedSandbox sandbox = bed.backend.last();
        sandbox.created();
        bed.turn();
        assertThat(sandbox.commands).containsExactly("start", "kill");
        sandbox.exited(137);
        bed.turn();
        sandbox.destroyed();
        bed.turn();

        assertThat(taken).isCompletedExceptionally();
    }

    @Test
    void shouldKillWhatIsRestored() {
        open("crash@init:100%");
        ScriptedSandbox sandbox = restored();

        assertThat(sandbox.spec.snapshot()).isEqualTo(FOLDER);
        assertThat(sandbox.commands).containsExactly("start", "kill");
        sandbox.exited(137);
        bed.turn();
        bed.pass(1, TimeUnit.MILLISECONDS);

        assertThat(bed.answers).extracting(BridgeBed.Answer::refusal).containsExactly(Refusal.RESTORE_FAILED);
        assertThat(sandbox.commands).endsWith("destroy");
    }

    @Test
    void shouldHoldARestoreUp() {
        open("hang@init:100%");
        ScriptedSandbox sandbox = restored();
        bed.pass(11, TimeUnit.SECONDS);

        assertThat(sandbox.commands).startsWith("destroy").doesNotContain("start");
        assertThat(bed.answers).extracting(BridgeBed.Answer::refusal).containsExactly(Refusal.RESTORE_TIMED_OUT);
    }
}
