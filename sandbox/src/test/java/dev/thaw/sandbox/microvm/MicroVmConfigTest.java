package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MicroVmConfigTest {
    @Test
    void shouldGiveTranslatedGuestsALongerPeriodUnlessOneIsAskedFor() {
        assertThat(config(OptionalInt.empty()).cpuPeriodUs(Accelerator.KVM)).isEqualTo(20_000);
        assertThat(config(OptionalInt.empty()).cpuPeriodUs(Accelerator.TCG)).isEqualTo(100_000);
        assertThat(config(OptionalInt.of(30_000)).cpuPeriodUs(Accelerator.KVM)).isEqualTo(30_000);
        assertThat(config(OptionalInt.of(30_000)).cpuPeriodUs(Accelerator.TCG)).isEqualTo(30_000);
    }

    private static MicroVmConfig config(OptionalInt cpuPeriodUs) {
        return new MicroVmConfig(
                cpuPeriodUs, Path.of("/"), MicroVmConfig.Choice.AUTO, MicroVmConfig.Program.AUTO, 0, Set.of());
    }
}
