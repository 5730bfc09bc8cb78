package dev.thaw.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.process.ProcessBackendConfig;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CpuShareTest {
    @Test
    void shouldBuyOneVcpuWith1769Mib() {
        assertThat(CpuShare.quotaUs(1769, 20_000)).isEqualTo(20_000);
        assertThat(CpuShare.quotaUs(128, 20_000)).isEqualTo(1447);
        assertThat(CpuShare.quotaUs(128, 100_000)).isEqualTo(7236);
        assertThat(CpuShare.quotaUs(10_240, 20_000)).isEqualTo(115_772);
    }

    @Test
    void shouldKeepEveryQuotaAboveTheKernelsShortest() {
        assertThat(CpuShare.quotaUs(128, ProcessBackendConfig.CPU_PERIOD_US_MIN))
                .isGreaterThan(1000);
    }

    @Test
    void shouldPinTheDefaults() {
        ProcessBackendConfig defaults = ProcessBackendConfig.defaults();
        assertThat(defaults.cpuPeriodUs()).isEqualTo(20_000);
        assertThat(defaults.pidsLimit()).isEqualTo(1024);
        assertThat(defaults.switchedOff()).isEmpty();
        assertThat(defaults.without(Notch.SECCOMP).has(Notch.SECCOMP)).isFalse();
    }

    @Test
    void shouldRefuseAPeriodWithKeyValueAndBound() {
        assertThatThrownBy(() -> new ProcessBackendConfig(13_999, 1024, Path.of("/tmp"), Set.of()))
                .hasMessage("cpuPeriodUs is 13999, must be 14000 to 1000000");
    }
}
