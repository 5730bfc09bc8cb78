package dev.thaw.runtimebridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BillingTest {
    private static final long TIMEOUT_NS = 3_000_000_000L;

    @Test
    void shouldRoundUpToWholeMilliseconds() {
        assertThat(Billing.billedMs("python3.12", 1_270_000, LogLines.NO_INIT, false, TIMEOUT_NS))
                .isEqualTo(2);
        assertThat(Billing.billedMs("python3.12", 2_000_000, LogLines.NO_INIT, false, TIMEOUT_NS))
                .isEqualTo(2);
        assertThat(Billing.billedMs("python3.12", 2_000_001, LogLines.NO_INIT, false, TIMEOUT_NS))
                .isEqualTo(3);
    }

    @Test
    void shouldBillNoMoreThanTheTimeoutWhenItPassed() {
        assertThat(Billing.billedMs("java21", 3_022_910_000L, LogLines.NO_INIT, true, TIMEOUT_NS))
                .isEqualTo(3000);
        assertThat(Billing.billedMs("java21", 2_999_100_000L, LogLines.NO_INIT, true, TIMEOUT_NS))
                .isEqualTo(3000);
    }

    @Test
    void shouldBillInitOfRuntimesThatTheOwnerBrings() {
        assertThat(Billing.billedMs("provided.al2023", 1_200_000, 48_260_000, false, TIMEOUT_NS))
                .isEqualTo(50);
        assertThat(Billing.billedMs("python3.12", 1_200_000, 48_260_000, false, TIMEOUT_NS))
                .isEqualTo(2);
        assertThat(Billing.billedMs("provided.al2023", 3_100_000_000L, 48_000_000, true, TIMEOUT_NS))
                .isEqualTo(3048);
    }

    @Test
    void shouldSayWhatTheRuleSinceAugust2025BillsBeyondThat() {
        // 1.2 + 48.26 ms are 50, of which 2 are billed.
        assertThat(Billing.unbilledInitMs("python3.12", 1_200_000, 48_260_000, false, TIMEOUT_NS))
                .isEqualTo(48);
        assertThat(Billing.unbilledInitMs("python3.12", 1_200_000, LogLines.NO_INIT, false, TIMEOUT_NS))
                .isZero();
        assertThat(Billing.unbilledInitMs("provided.al2023", 1_200_000, 48_260_000, false, TIMEOUT_NS))
                .isZero();
        assertThat(Billing.unbilledInitMs("java21", 3_022_910_000L, 48_000_000, true, TIMEOUT_NS))
                .isEqualTo(48);
    }
}
