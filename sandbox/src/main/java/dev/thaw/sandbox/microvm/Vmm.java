package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.BubblewrapCommand;
import java.util.List;

/** A program that microVMs run in: how it is started in its jail, and how it is told what to boot. */
sealed interface Vmm permits Qemu, Firecracker {
    /** Its spelling in messages. */
    String label();

    /** Path of the program for an architecture. */
    String program(Architecture architecture);

    BubblewrapCommand jail(String program, boolean kvm);

    /** The whole command. {@code program} is a path as the jail shows it. */
    List<String> command(String program, VmPlan plan);

    /** Whether it inherits its ends of the control socket and of the channel. */
    boolean isWired();

    /** Whether its machines can be made snapshots of: their memory is a file then, given behind the disks. */
    boolean takesSnapshots();

    /** Whether a thread of it, by its name, runs instructions of the guest. */
    boolean isVcpu(String threadName);

    /** Memory that the host gives it beyond the guest's, without that of its translations. */
    int overheadMib();

    /** The channel of a machine that was just started. */
    GuestChannel open(GuestChannels channels, VmProcess process, GuestEvents events);

    /** Lets a machine that was just started boot what its plan says. Returns at once; on the spawning thread. */
    void boot(MicroVmBackend backend, Machine machine, VmPlan plan);
}
