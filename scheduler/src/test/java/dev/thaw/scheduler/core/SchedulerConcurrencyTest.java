package dev.thaw.scheduler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Account and reserved concurrency (contract.md section 7). */
final class SchedulerConcurrencyTest {
    private static final String ACCOUNT_FULL = " CONCURRENT_INVOCATION_LIMIT_EXCEEDED";
    private static final String FUNCTION_FULL = " RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED";

    @Test
    void shouldRefuseWhatExceedsTheAccountAndAcceptAgainAfterAnEnd() {
        SchedulerBed bed = SchedulerBed.with(20, 2);
        for (int invocation = 0; invocation < SchedulerBed.ACCOUNT; invocation++) {
            bed.invoke(invocation % 2);
        }
        bed.commands();

        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("refuse i10" + ACCOUNT_FULL);
        bed.init("1.0");
        bed.response("1.0");
        bed.commands();
        bed.invoke(1);

        assertThat(bed.commands()).containsExactly("create 1.10 for f1 on h0");
        assertThat(bed.scheduler.counts().refused()).isEqualTo(1);
    }

    @Test
    void shouldCountInvocationsThatWait() {
        SchedulerBed bed = SchedulerBed.with(1, 1);
        for (int invocation = 0; invocation < SchedulerBed.ACCOUNT; invocation++) {
            bed.invoke(0);
        }
        bed.invoke(0);

        assertThat(bed.commands()).containsExactly("create 1.0 for f0 on h0", "refuse i10" + ACCOUNT_FULL);
    }

    @Test
    void shouldHoldAReservationAsCapAndAsGuarantee() {
        SchedulerBed bed = SchedulerBed.with(20, 1);
        int reserved = bed.add("reserved", 3);
        for (int invocation = 0; invocation < 8; invocation++) {
            bed.invoke(0);
        }
        assertThat(bed.commands()).hasSize(8).last().isEqualTo("refuse i7" + ACCOUNT_FULL);
        for (int invocation = 0; invocation < 4; invocation++) {
            bed.invoke(reserved);
        }

        assertThat(bed.commands()).hasSize(4).last().isEqualTo("refuse i11" + FUNCTION_FULL);
    }

    @Test
    void shouldSwitchAFunctionOffByReservingNothing() {
        SchedulerBed bed = SchedulerBed.with(20, 0);
        int off = bed.add("off", 0);

        bed.invoke(off);

        assertThat(bed.commands()).containsExactly("refuse i0" + FUNCTION_FULL);
    }

    @Test
    void shouldRefuseReservationsThatLeaveNothingUnreserved() {
        SchedulerBed bed = SchedulerBed.with(20, 0);
        bed.add("a", 4);

        assertThatThrownBy(() -> bed.add("b", 6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reservedConcurrency of b is 6, must be 5 or less: the account has 6 unreserved of 10"
                        + " and keeps 1");
        assertThat(bed.add("b", 5)).isEqualTo(1);
    }

    @Test
    void shouldSpanAllVersionsOfAName() {
        SchedulerBed bed = SchedulerBed.with(20, 1);
        int version = bed.scheduler.addFunction(SchedulerBed.function("f0"));
        bed.scheduler.reserve("f0", 3);
        bed.invoke(0);
        bed.invoke(version);
        bed.invoke(0);
        int later = bed.scheduler.addFunction(SchedulerBed.function("f0"));
        bed.commands();

        bed.invoke(0);
        bed.invoke(version);
        bed.invoke(later);

        assertThat(bed.commands())
                .containsExactly("refuse i3" + FUNCTION_FULL, "refuse i4" + FUNCTION_FULL, "refuse i5" + FUNCTION_FULL);
    }

    @Test
    void shouldLetRunWhatALoweredReservationWouldNotAllow() {
        SchedulerBed bed = SchedulerBed.with(20, 1);
        bed.scheduler.reserve("f0", 3);
        for (int environment = 0; environment < 3; environment++) {
            bed.invoke(0);
            bed.init("1." + environment);
        }
        bed.scheduler.reserve("f0", 1);
        bed.commands();

        bed.finish("1.0");
        bed.invoke(0);
        bed.finish("1.1");
        bed.invoke(0);
        bed.finish("1.2");
        bed.invoke(0);

        assertThat(bed.commands())
                .containsExactly(
                        "complete i0 RESPONSE",
                        "refuse i3" + FUNCTION_FULL,
                        "complete i1 RESPONSE",
                        "refuse i4" + FUNCTION_FULL,
                        "complete i2 RESPONSE",
                        "dispatch 1.2 i5");
    }

    @Test
    void shouldMoveWhatRunsBetweenPoolAndReservation() {
        SchedulerBed bed = SchedulerBed.with(20, 2);
        for (int invocation = 0; invocation < 5; invocation++) {
            bed.invoke(0);
        }
        bed.scheduler.reserve("f0", 5);
        for (int invocation = 0; invocation < 5; invocation++) {
            bed.invoke(1);
        }
        bed.commands();
        bed.invoke(0);
        assertThat(bed.commands()).containsExactly("refuse i10" + FUNCTION_FULL);

        bed.scheduler.reserve("f0", FunctionSpec.UNRESERVED);
        bed.invoke(0);
        bed.init("1.0");
        bed.response("1.0");
        bed.commands();
        bed.invoke(1);

        assertThat(bed.commands()).containsExactly("create 1.10 for f1 on h0");
    }
}
