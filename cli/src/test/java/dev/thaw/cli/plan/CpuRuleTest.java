package dev.thaw.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class CpuRuleTest {
    @Test
    void shouldHalveWhatIsAllCpuWithTwiceTheMemory() {
        CpuRule rule = new CpuRule(442 / 1769.0, 442);

        assertThat(rule.cpuPart()).isEqualTo(1);
        assertThat(rule.factor(884)).isCloseTo(0.5, within(1e-9));
        // contract.md section 1.2: at 442 MB four times as long as at 1,769 MB, and one thread gains nothing beyond.
        assertThat(1 / rule.factor(1769)).isCloseTo(4, within(0.01));
        assertThat(rule.factor(3538)).isEqualTo(rule.factor(1769));
        assertThat(rule.milliVcpus(884)).isEqualTo(500);
        assertThat(rule.milliVcpus(3538)).isEqualTo(1_000);
    }

    @Test
    void shouldLeaveWaitingAsItIs() {
        CpuRule half = CpuRule.ofPart(0.5, 512);
        assertThat(half.cpuPart()).isCloseTo(0.5, within(1e-9));
        assertThat(half.factor(1024)).isCloseTo(0.75, within(1e-9));
        assertThat(half.factor(256)).isCloseTo(1.5, within(1e-9));
        assertThat(half.factor(512)).isEqualTo(1);

        CpuRule waits = CpuRule.ofPart(0, 512);
        assertThat(waits.factor(128)).isEqualTo(1);
        assertThat(waits.milliVcpus(10_240)).isZero();
    }

    @Test
    void shouldUseAsManyVcpusAsItWasSeenToUse() {
        CpuRule two = new CpuRule(1.5, 3538);
        assertThat(two.cpuPart()).isEqualTo(0.75);
        assertThat(two.factor(7076)).isEqualTo(1);
        assertThat(two.factor(1769)).isEqualTo(0.25 + 0.75 * 2);
    }
}
