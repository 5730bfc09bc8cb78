package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** Environments that go on from a snapshot instead of init (contract.md section 2.2). */
final class SchedulerRestoreTest {
    private static final long NS_PER_MS = SchedulerBed.NS_PER_MS;

    private final SchedulerBed bed = SchedulerBed.with(2, 0);

    SchedulerRestoreTest() {
        bed.scheduler.addFunction(new FunctionSpec("f", 1_024, 3_000 * NS_PER_MS, true));
    }

    @Test
    void shouldRestoreInPlaceOfInit() {
        Invocation cold = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0 restored");

        bed.atMs = 40;
        bed.created("1.0");
        bed.atMs = 100;
        bed.ready("1.0");
        bed.finish("1.0");

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i0", "complete i0 RESPONSE");
        assertThat(cold.coldTrigger()).isTrue();
        assertThat(cold.phaseNs(Phase.RESTORE)).isEqualTo(100 * NS_PER_MS);
        assertThat(cold.phaseNs(Phase.CREATE)).isZero();
        assertThat(cold.totalNs()).isEqualTo(100 * NS_PER_MS);
    }

    @Test
    void shouldRestoreAnotherWhereOneIsBusyAndReuseWhatIsIdle() {
        bed.invoke(0);
        bed.created("1.0");
        bed.ready("1.0");
        bed.invoke(0);
        bed.finish("1.0");
        assertThat(bed.commands()).contains("create 1.1 for f0 on h0 restored", "dispatch 1.0 i1");

        bed.finish("1.0");
        bed.invoke(0);
        assertThat(bed.commands()).endsWith("dispatch 1.0 i2");
    }

    @Test
    void shouldRefuseWhoCountedOnARestoreThatFailed() {
        Invocation cold = bed.invoke(0);
        bed.created("1.0");
        bed.commands();

        bed.atMs = 5;
        bed.initFailed("1.0");

        assertThat(bed.commands()).containsExactly("reset 1.0 INIT_ERROR", "refuse i0 RESTORE_FAILED");
        assertThat(cold.phaseNs(Phase.RESTORE)).isEqualTo(5 * NS_PER_MS);
        bed.destroyed("1.0");
        assertThat(bed.scheduler.counts().waiting()).isZero();
        assertThat(bed.scheduler.counts().failed()).isZero();
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0 restored");
    }

    @Test
    void shouldLimitARestoreToTenSeconds() {
        bed.invoke(0);
        bed.atMs = 500;
        bed.created("1.0");
        bed.commands();

        assertThat(bed.pollAt(10_499)).isZero();
        assertThat(bed.pollAt(10_500)).isEqualTo(1);

        assertThat(bed.commands()).containsExactly("reset 1.0 INIT_TIMEOUT", "refuse i0 RESTORE_TIMED_OUT");
    }

    @Test
    void shouldTryASnapshotThatCannotBeLoadedAFewTimes() {
        bed.invoke(0);
        for (int attempt = 0; attempt <= ColdStarts.MAX_LOST_STARTS; attempt++) {
            bed.destroyed((attempt + 1) + ".0");
        }
        assertThat(bed.commands()).endsWith("refuse i0 RESTORE_FAILED");
    }

    /** It goes on from the snapshot again; nobody waits for what is left of it. */
    @Test
    void shouldNotInitAgainAfterItsRuntimeEnded() {
        bed.invoke(0);
        bed.created("1.0");
        bed.ready("1.0");
        bed.commands();

        bed.exit("1.0");
        Invocation next = bed.invoke(0);

        assertThat(bed.commands())
                .containsExactly(
                        "reset 1.0 RUNTIME_EXIT", "complete i0 RUNTIME_EXITED", "create 1.1 for f0 on h0 restored");
        bed.destroyed("1.0");
        bed.created("1.1");
        bed.ready("1.1");
        assertThat(next.suppressedInit()).isFalse();
        assertThat(next.coldTrigger()).isTrue();
    }

    @Test
    void shouldRefuseProvisionedConcurrency() {
        assertThatThrownBy(() -> bed.provision(0, 1)).hasMessageContaining("snapshot");
        bed.provision(0, 0);
        assertThat(bed.commands()).isEmpty();
    }
}
