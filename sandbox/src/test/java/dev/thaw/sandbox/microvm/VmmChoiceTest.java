package dev.thaw.sandbox.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.microvm.MicroVmConfig.Choice;
import dev.thaw.sandbox.microvm.MicroVmConfig.Program;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VmmChoiceTest {
    private static final Firecracker FIRECRACKER = new Firecracker("/usr/bin/firecracker");
    private static final Architecture HOST = Architecture.host();
    private static final Architecture FOREIGN = HOST == Architecture.ARM64 ? Architecture.X86_64 : Architecture.ARM64;

    private static VmmChoice choice(
            Program program, Choice accelerator, @Nullable Firecracker firecracker, String problem) {
        MicroVmConfig config = new MicroVmConfig(OptionalInt.empty(), Path.of("/"), accelerator, program, 0, Set.of());
        return new VmmChoice(config, () -> "no KVM in QEMU", firecracker, () -> problem);
    }

    @Test
    void shouldTakeFirecrackerWhereAGuestBootsWithIt() {
        VmmChoice choice = choice(Program.AUTO, Choice.AUTO, FIRECRACKER, "");
        assertThat(choice.vmm(HOST)).isEqualTo(FIRECRACKER);
        assertThat(choice.accelerator(HOST)).isEqualTo(Accelerator.KVM);
        assertThat(choice.vmm(FOREIGN)).isEqualTo(new Qemu());
        assertThat(choice.accelerator(FOREIGN)).isEqualTo(Accelerator.TCG);
        assertThat(choice.feature().held()).isTrue();
        assertThat(choice.feature().detail()).contains("a guest boots with it", "not on hardware");
    }

    @Test
    void shouldFallBackToQemuAndSayWhyInOneLine() {
        VmmChoice none = choice(Program.AUTO, Choice.AUTO, null, "");
        assertThat(none.vmm(HOST)).isEqualTo(new Qemu());
        assertThat(none.accelerator(HOST)).isEqualTo(Accelerator.TCG);
        assertThat(none.feature().detail())
                .isEqualTo("firecracker is not on PATH; guests run in QEMU (" + VmmChoice.UNPROVEN + ")");
        VmmChoice broken = choice(Program.AUTO, Choice.AUTO, FIRECRACKER, "/dev/kvm is not there");
        assertThat(broken.vmm(HOST)).isEqualTo(new Qemu());
        assertThat(broken.feature().detail()).startsWith("/dev/kvm is not there; guests run in QEMU");
    }

    /** The guest's kernel, a 64th for its page tables, the VMM, and what QEMU translates to. */
    @Test
    void shouldSayWhatAMachineMayTakeBesideItsFunctionsMemory() {
        VmmChoice translated = choice(Program.QEMU, Choice.AUTO, null, "");
        assertThat(translated.overheadMib(HOST, 128)).isEqualTo(96 + 2 + 96 + 64);
        assertThat(translated.overheadMib(FOREIGN, 10_240)).isEqualTo(96 + 160 + 96 + 64);
        assertThat(choice(Program.AUTO, Choice.AUTO, FIRECRACKER, "").overheadMib(HOST, 128))
                .isEqualTo(96 + 2 + 24);
        assertThat(choice(Program.FIRECRACKER, Choice.AUTO, null, "").overheadMib(HOST, 128))
                .isZero();
    }

    @Test
    void shouldRefuseWhatIsAskedForAndCannotBe() {
        VmmChoice choice = choice(Program.FIRECRACKER, Choice.AUTO, FIRECRACKER, "/dev/kvm is not there");
        assertThatThrownBy(() -> choice.vmm(HOST))
                .hasMessage("Firecracker is asked for and cannot be used: /dev/kvm is not there");
        VmmChoice willing = choice(Program.FIRECRACKER, Choice.AUTO, FIRECRACKER, "");
        assertThatThrownBy(() -> willing.vmm(FOREIGN)).hasMessageContaining("guests on this host");
        VmmChoice translated = choice(Program.FIRECRACKER, Choice.TCG, FIRECRACKER, "");
        assertThatThrownBy(() -> translated.vmm(HOST)).hasMessageContaining("it needs KVM, which is switched off");
        VmmChoice kvm = choice(Program.QEMU, Choice.KVM, FIRECRACKER, "");
        assertThatThrownBy(() -> kvm.accelerator(HOST))
                .hasMessage("KVM is asked for and cannot be used: no KVM in QEMU");
    }
}
