package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Architecture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QemuCommandTest {
    private static final int MACHINE_MIB = 256;

    @ParameterizedTest
    @CsvSource({
        "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3), 7",
        "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1), 10",
        "nothing of the kind, 2147483647",
        "'', 2147483647"
    })
    void shouldReadTheVersionThatQemuSays(String said, int major) {
        assertThat(QemuVersion.majorIn(said)).isEqualTo(major);
    }

    @Test
    void shouldTellTranslatedGuestsThatStringsAreSlowOnlyWhereTheyAre() {
        assertThat(processor(command(9, Architecture.X86_64, Accelerator.TCG)))
                .isEqualTo("max,smap=off,la57=off,erms=off");
        assertThat(processor(command(10, Architecture.X86_64, Accelerator.TCG))).isEqualTo("max,smap=off,la57=off");
        assertThat(processor(command(7, Architecture.ARM64, Accelerator.TCG))).isEqualTo("neoverse-n1");
        assertThat(processor(command(7, Architecture.X86_64, Accelerator.KVM))).isEqualTo("host");
    }

    private static String processor(List<String> command) {
        return command.get(command.indexOf("-cpu") + 1);
    }

    private static List<String> command(int major, Architecture architecture, Accelerator accelerator) {
        VmPlan plan = new VmPlan(new Qemu(), architecture, accelerator, 1, MACHINE_MIB, "quiet", 2);
        return QemuCommand.of("qemu", () -> major, plan);
    }
}
