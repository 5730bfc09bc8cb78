package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.results.Phase;
import org.junit.jupiter.api.Test;

/** Provisioned concurrency (contract.md sections 2.1 and 7). */
final class SchedulerProvisionedTest {
    private final SchedulerBed bed = SchedulerBed.with(20, 2);

    private void provisionReady(int environments) {
        bed.provision(0, environments);
        for (int slot = 0; slot < environments; slot++) {
            bed.init("1." + slot);
        }
        bed.commands();
    }

    private ProvisionedConcurrency state() {
        return bed.scheduler.provisioned(0);
    }

    @Test
    void shouldBeReadyAheadAndCountWhatSpillsOver() {
        bed.provision(0, 2);
        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0 ahead", "create 1.1 for f0 on h0 ahead");
        bed.init("1.0");
        assertThat(state()).isEqualTo(new ProvisionedConcurrency(2, 2, 1, 0, false, 0, 0));
        bed.init("1.1");

        Invocation first = bed.invoke(0);
        Invocation second = bed.invoke(0);
        assertThat(bed.commands()).containsExactly("dispatch 1.1 i0", "dispatch 1.0 i1");
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("create 1.2 for f0 on h0");
        bed.init("1.2");

        assertThat(state()).isEqualTo(new ProvisionedConcurrency(2, 2, 2, 2, false, 2, 1));
        for (Invocation invocation : new Invocation[] {first, second}) {
            assertThat(invocation.coldTrigger() || invocation.coldVictim()).isFalse();
            assertThat(invocation.phaseNs(Phase.INIT_FUNCTION) + invocation.phaseNs(Phase.CREATE))
                    .isZero();
        }
    }

    @Test
    void shouldCountAnInvocationOnceThatWaitsForAThaw() {
        provisionReady(1);
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.1");
        bed.finish("1.0");
        bed.finish("1.1");
        bed.pollAt(150);
        bed.commands();

        bed.invoke(0);
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("thaw 1.0", "thaw 1.1");
        bed.thawed("1.0");
        bed.thawed("1.1");

        assertThat(state().invocations()).isEqualTo(2);
        assertThat(state().spillovers()).isEqualTo(2);
    }

    @Test
    void shouldPreferProvisionedEnvironmentsToThoseUsedMoreRecently() {
        provisionReady(1);
        bed.invoke(0);
        bed.invoke(0);
        bed.init("1.1");
        bed.finish("1.0");
        bed.finish("1.1");
        bed.commands();

        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("dispatch 1.0 i2");
    }

    @Test
    void shouldServeWhoWaitsAlreadyOnceItIsReady() {
        bed.invoke(0);
        bed.provision(0, 1);
        bed.commands();

        bed.init("1.1");

        assertThat(bed.commands()).containsExactly("dispatch 1.1 i0");
        assertThat(state().available()).isEqualTo(1);
    }

    @Test
    void shouldLetInitTakeAHundredAndThirtySeconds() {
        bed.provision(0, 1);
        bed.created("1.0");
        assertThat(bed.nextDeadlineMs()).isEqualTo(130_000);
        bed.pollAt(129_999);
        bed.connected("1.0");
        bed.ready("1.0");

        assertThat(state().available()).isEqualTo(1);
    }

    @Test
    void shouldLetInitTakeTheFunctionsTimeoutWhereThatIsLonger() {
        int slow = bed.scheduler.addFunction(new FunctionSpec("slow", 1_024, 900_000 * SchedulerBed.NS_PER_MS));
        bed.provision(slow, 1);
        bed.created("1.0");

        assertThat(bed.nextDeadlineMs()).isEqualTo(900_000);
    }

    @Test
    void shouldStopAtAFailedInitUntilAskedAnew() {
        bed.provision(0, 2);
        bed.created("1.0");
        bed.created("1.1");
        bed.commands();

        bed.pollAt(130_000);

        assertThat(bed.commands()).containsExactly("reset 1.0 INIT_TIMEOUT", "reset 1.1 INIT_TIMEOUT");
        assertThat(state()).isEqualTo(new ProvisionedConcurrency(2, 0, 0, 0, true, 0, 0));
        bed.reset("1.0");
        bed.reset("1.1");
        assertThat(bed.commands()).isEmpty();

        bed.provision(0, 1);
        assertThat(bed.commands()).containsExactly("create 1.2 for f0 on h0 ahead");
        assertThat(state().failed()).isFalse();
    }

    @Test
    void shouldTakeASandboxThatCannotBeMadeForAFailure() {
        bed.provision(0, 1);
        bed.destroyed("1.0");

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0 ahead");
        assertThat(state().failed()).isTrue();
    }

    @Test
    void shouldReplaceWhatIsLost() {
        provisionReady(1);
        bed.destroyed("1.0");
        assertThat(bed.commands()).containsExactly("create 2.0 for f0 on h0 ahead");
        bed.init("2.0");

        bed.invoke(0);
        bed.exit("2.0");
        bed.reset("2.0");

        assertThat(bed.commands())
                .containsExactly(
                        "dispatch 2.0 i0",
                        "reset 2.0 RUNTIME_EXIT",
                        "complete i0 RUNTIME_EXITED",
                        "create 1.1 for f0 on h0 ahead");
    }

    @Test
    void shouldNeitherExpireNorBeEvicted() {
        SchedulerBed small = SchedulerBed.with(1, 2);
        small.provision(0, 1);
        small.init("1.0");
        small.commands();

        small.pollAt(100);
        small.invoke(1);
        small.pollAt(700_000);

        assertThat(small.commands()).containsExactly("freeze 1.0", "refuse i0 NO_CAPACITY");
        assertThat(small.nextDeadlineMs()).isEqualTo(-1);
    }

    @Test
    void shouldMakeRoomForItselfByEvictingIdleOnes() {
        SchedulerBed small = SchedulerBed.with(1, 2);
        small.warmUp(1, "1.0");

        small.provision(0, 1);
        small.destroyed("1.0");

        assertThat(small.commands()).containsExactly("destroy 1.0 EVICTED", "create 1.1 for f0 on h0 ahead");
    }

    @Test
    void shouldKeepWhatIsTooMuchAsOnDemand() {
        provisionReady(2);

        bed.provision(0, 1);

        assertThat(state()).isEqualTo(new ProvisionedConcurrency(1, 1, 1, 0, false, 0, 0));
        bed.pollAt(100);
        bed.pollAt(600_000);
        assertThat(bed.commands()).hasSize(3).last().asString().endsWith("KEEP_ALIVE_EXPIRED");
        assertThat(state().available()).isEqualTo(1);
    }

    @Test
    void shouldGiveAStartThatIsTooMuchToTheNextInvocation() {
        bed.provision(0, 1);
        bed.provision(0, 0);
        bed.invoke(0);
        bed.init("1.0");

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0 ahead", "dispatch 1.0 i0");
    }

    @Test
    void shouldTakeItsShareOutOfTheAccountsPool() {
        provisionReady(4);
        for (int invocation = 0; invocation < 7; invocation++) {
            bed.invoke(1);
        }
        assertThat(bed.commands()).hasSize(7).last().isEqualTo("refuse i6 CONCURRENT_INVOCATION_LIMIT_EXCEEDED");
        for (int invocation = 0; invocation < 5; invocation++) {
            bed.invoke(0);
        }

        assertThat(bed.commands()).hasSize(5).last().isEqualTo("refuse i11 CONCURRENT_INVOCATION_LIMIT_EXCEEDED");
    }

    @Test
    void shouldRefuseMoreThanTheAccountOrTheReservationHas() {
        assertThatThrownBy(() -> bed.provision(0, 10))
                .hasMessage("provisionedConcurrency of f0 is 10, must be 9 or less: the account has 10 unreserved of"
                        + " 10 and keeps 1");
        bed.scheduler.reserve("f0", 3);
        assertThatThrownBy(() -> bed.provision(0, 4))
                .hasMessage("provisionedConcurrency of f0 is 4, must be 3 or less: more is not reserved");
        bed.provision(0, 2);
        assertThatThrownBy(() -> bed.scheduler.reserve("f0", 1))
                .hasMessage("reservedConcurrency of f0 is 1, must be 2 or more: it is provisioned");
        assertThat(state().requested()).isEqualTo(2);
    }
}
