package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.HostPrograms;
import java.util.List;

/** QEMU: guests of either architecture, with KVM or translated. Its command line says all there is to boot. */
record Qemu() implements Vmm {
    private static final String VCPU_THREAD = "CPU ";
    /** One thread for all of them. */
    private static final String VCPUS_THREAD = "ALL CPUs";

    /** Heap, stacks and tables, under TCG with those of its translations. */
    private static final int OVERHEAD_MIB = 96;

    @Override
    public String label() {
        return "QEMU";
    }

    @Override
    public String program(Architecture architecture) {
        return HostPrograms.require(GuestMemory.emulator(architecture));
    }

    @Override
    public BubblewrapCommand jail(String program, boolean kvm) {
        return VmJail.withLibraries(program, kvm);
    }

    @Override
    public List<String> command(String program, VmPlan plan) {
        return QemuCommand.of(program, () -> QemuVersion.major(program), plan);
    }

    @Override
    public boolean isWired() {
        return true;
    }

    @Override
    public boolean takesSnapshots() {
        return true;
    }

    @Override
    public boolean isVcpu(String threadName) {
        return threadName.startsWith(VCPU_THREAD) || threadName.startsWith(VCPUS_THREAD);
    }

    @Override
    public int overheadMib() {
        return OVERHEAD_MIB;
    }

    @Override
    public GuestChannel open(GuestChannels channels, VmProcess process, GuestEvents events) {
        return channels.open(process.takeChannelFd(), events);
    }

    /** It does already. */
    @Override
    public void boot(MicroVmBackend backend, Machine machine, VmPlan plan) {}
}
