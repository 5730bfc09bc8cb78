package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.util.Map;

/**
 * What is asked of a Firecracker, in the order in which it takes it. It knows files only by paths, so what it was given
 * as descriptors goes by their paths in {@code /proc}; those stay the same in the process that a snapshot is restored in.
 *
 * <p>Threading: one thread.
 */
final class FirecrackerControl {
    /** The jail's folder for its sockets. */
    static final String FOLDER = "/vmm";

    static final String API_SOCKET = FOLDER + "/api";
    /** Guests' connections go to this path, an underscore and the port behind it. */
    static final String VSOCK = FOLDER + "/vsock";

    /** What init connects to at the host ({@code machine.c} has the same number). */
    static final int CHANNEL_PORT = 9001;

    /** The first number that is no host's: each Firecracker has a network of these of its own. */
    private static final int GUEST_CID = 3;

    private final FirecrackerApi api;

    FirecrackerControl(FirecrackerApi api) {
        this.api = api;
    }

    /** Makes the machine and starts it. */
    void boot(VmPlan plan) throws IOException {
        api.put("/machine-config", Map.of("vcpu_count", vcpus(plan), "mem_size_mib", plan.machineMib()));
        api.put(
                "/boot-source",
                Map.of(
                        "kernel_image_path",
                        ofFd(QemuCommand.KERNEL_FD),
                        "initrd_path",
                        ofFd(QemuCommand.INITRAMFS_FD),
                        "boot_args",
                        commandLine(plan)));
        for (int disk = 0; disk < plan.disks(); disk++) {
            api.put("/drives/disk" + disk, drive(disk));
        }
        api.put("/vsock", Map.of("guest_cid", GUEST_CID, "uds_path", VSOCK));
        api.put("/entropy", Map.of());
        api.put("/actions", Map.of("action_type", "InstanceStart"));
    }

    /** It takes one, or an even number; how much of them the function gets is the quota's to say. */
    private static int vcpus(VmPlan plan) {
        return plan.vcpus() == 1 ? 1 : plan.vcpus() + (plan.vcpus() & 1);
    }

    /** The one way to reset that it has, and no look for devices that it has not. */
    private static String commandLine(VmPlan plan) {
        boolean arm = plan.architecture() == Architecture.ARM64;
        return plan.commandLine() + (arm ? " pci=off" : " reboot=k pci=off 8250.nr_uarts=0");
    }

    private static Map<String, ?> drive(int disk) {
        return Map.of(
                "drive_id",
                "disk" + disk,
                "path_on_host",
                ofFd(QemuCommand.FIRST_DISK_FD + disk),
                "is_root_device",
                false,
                "is_read_only",
                true);
    }

    private static String ofFd(int fd) {
        return "/proc/self/fd/" + fd;
    }

    void pause() throws IOException {
        api.patch("/vm", Map.of("state", "Paused"));
    }

    void resume() throws IOException {
        api.patch("/vm", Map.of("state", "Resumed"));
    }

    /** Writes a paused machine to two files, all of its memory to one of them. Its connections to the host end. */
    void createSnapshot(String state, String memory) throws IOException {
        api.put("/snapshot/create", Map.of("snapshot_type", "Full", "snapshot_path", state, "mem_file_path", memory));
    }

    /** Lets a Firecracker that nothing else was asked of go on as that machine, its memory shared until written to. */
    void loadSnapshot(String state, String memory) throws IOException {
        api.put(
                "/snapshot/load",
                Map.of(
                        "snapshot_path",
                        state,
                        "mem_backend",
                        Map.of("backend_type", "File", "backend_path", memory),
                        "resume_vm",
                        true));
    }
}
