package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * QEMU's command line of one microVM: a machine of its own for each architecture, with one disk for each image, one
 * serial port for the channel, and nothing else: no network, no display, no keyboard, no firmware but what loads the
 * kernel, no legacy devices that the kernel can do without.
 *
 * <p>Everything comes by descriptor: no path of the host, and nothing that another user must be let read.
 */
final class QemuCommand {
    /** Descriptors of QEMU, behind those of bubblewrap. */
    static final int CONTROL_FD = 6;

    static final int CHANNEL_FD = 7;
    static final int KERNEL_FD = 8;
    static final int INITRAMFS_FD = 9;
    static final int FIRST_DISK_FD = 10;

    /**
     * Everything that the translator knows, but for what makes each way into the kernel longer and gives a function
     * nothing: the kernel's guard of its own accesses, and page tables of a fifth level.
     */
    private static final String X86_TRANSLATED = "max,smap=off,la57=off";

    /**
     * Nor the promise that string instructions are fast: they are run byte by byte, and kernel and libraries would clear
     * and copy pages by nothing else.
     */
    private static final String SLOW_STRINGS = ",erms=off";

    /** From this version on a kernel that is not promised fast strings hangs in its boot (seen with 10.0.2). */
    private static final int STRINGS_PROMISED_MAJOR = 10;

    private static final int ARM_LOW_MIB = 3 << 10;
    /** The name that init looks for. */
    private static final String PORT = "dev.thaw.channel";

    private final List<String> words = new ArrayList<>();
    private final Architecture architecture;
    private final IntSupplier major;

    private QemuCommand(Architecture architecture, String program, IntSupplier major) {
        this.architecture = architecture;
        this.major = major;
        words.add(program);
    }

    /**
     * The whole command. {@code program} is a path as the jail shows it; {@code major}, the number of its version, is asked
     * for only where it matters.
     */
    static List<String> of(String program, IntSupplier major, VmPlan plan) {
        return new QemuCommand(plan.architecture(), program, major)
                .machine(plan)
                .memory(plan)
                .kernel(plan.commandLine())
                .disks(plan.disks())
                .channel()
                .control()
                .words;
    }

    private QemuCommand machine(VmPlan plan) {
        boolean kvm = plan.accelerator() == Accelerator.KVM;
        add("-nodefaults", "-no-user-config", "-no-reboot");
        add("-display", "none", "-monitor", "none", "-serial", "none", "-parallel", "none");
        add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        // Threads named by what they do: those of vCPUs are found by it.
        add("-name", "guest,debug-threads=on");
        add(
                "-machine",
                (architecture == Architecture.ARM64 ? armMachine(plan) : x86Machine(kvm)) + ",memory-backend=ram");
        add("-accel", kvm ? "kvm" : translation(plan.vcpus()));
        add("-cpu", kvm ? "host" : translated());
        add("-smp", Integer.toString(plan.vcpus()), "-m", Integer.toString(plan.machineMib()));
        return this;
    }

    private String translated() {
        if (architecture == Architecture.ARM64) {
            return "neoverse-n1";
        }
        return major.getAsInt() < STRINGS_PROMISED_MAJOR ? X86_TRANSLATED + SLOW_STRINGS : X86_TRANSLATED;
    }

    /** One thread for one vCPU: its translations then need no care for others. */
    private static String translation(int vcpus) {
        return "tcg,thread=" + (vcpus == 1 ? "single" : "multi") + ",tb-size=" + GuestMemory.TRANSLATION_MIB;
    }

    /** Without KVM's clock the kernel measures its timers against the old ones. */
    private static String x86Machine(boolean kvm) {
        String timers = kvm ? ",pit=off,pic=off" : "";
        return "microvm,x-option-roms=off,isa-serial=off,rtc=on,usb=off,acpi=on" + timers;
    }

    /** Its memory begins at 1 GiB: what does not fit below 4 GiB needs the longer addresses. */
    private static String armMachine(VmPlan plan) {
        String highMemory = plan.machineMib() > ARM_LOW_MIB ? "on" : "off";
        return "virt,gic-version=3,its=off,highmem=" + highMemory + ",secure=off,virtualization=off";
    }

    /** The descriptor of the guest's memory: it follows the disks', and that of a snapshot's device state follows it. */
    static int memoryFd(int disks) {
        return FIRST_DISK_FD + disks;
    }

    /** A restored machine maps the snapshot's memory and writes to copies of its own; it waits for what follows. */
    private QemuCommand memory(VmPlan plan) {
        String share = plan.isRestored() ? "off" : "on";
        add(
                "-object",
                "memory-backend-file,id=ram,size=" + plan.machineMib() + "M,share=" + share + ",mem-path="
                        + ofFd(memoryFd(plan.disks())));
        return plan.isRestored() ? add("-incoming", "defer") : this;
    }

    private QemuCommand kernel(String commandLine) {
        return add("-kernel", ofFd(KERNEL_FD), "-initrd", ofFd(INITRAMFS_FD), "-append", commandLine);
    }

    private static String ofFd(int fd) {
        return "/proc/self/fd/" + fd;
    }

    /** The arm64 machine fills its slots from the last one down, and its kernel looks from the first one up. */
    private QemuCommand disks(int count) {
        boolean backwards = architecture == Architecture.ARM64;
        for (int nth = 0; nth < count; nth++) {
            int disk = backwards ? count - 1 - nth : nth;
            add("-add-fd", "set=" + disk + ",fd=" + (FIRST_DISK_FD + disk));
            add(
                    "-blockdev",
                    "driver=raw,node-name=disk" + disk + ",read-only=on,file.driver=file,file.read-only=on,"
                            + "file.locking=off,file.filename=/dev/fdset/" + disk);
            add("-device", "virtio-blk-device,drive=disk" + disk);
        }
        return this;
    }

    private QemuCommand channel() {
        add("-chardev", "socket,id=channel,fd=" + CHANNEL_FD);
        return add(
                "-device",
                "virtio-serial-device,max_ports=2",
                "-device",
                "virtserialport,chardev=channel,name=" + PORT);
    }

    private QemuCommand control() {
        return add("-chardev", "socket,id=control,fd=" + CONTROL_FD, "-mon", "chardev=control,mode=control");
    }

    private QemuCommand add(String... more) {
        words.addAll(List.of(more));
        return this;
    }
}
