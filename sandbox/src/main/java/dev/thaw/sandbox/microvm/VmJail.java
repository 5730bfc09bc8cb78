package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.kernel.BubblewrapCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a VMM sees of its host: its own program and firmware, the libraries, a process list of one, no network, a few
 * devices. It runs as nobody, without privileges, and its own filter refuses it new processes.
 */
final class VmJail {
    private static final String DATA = "/usr/share/qemu";
    /** What links in {@link #DATA} lead to, on Debian. */
    private static final List<String> FOLDERS = List.of(DATA, "/usr/share/seabios", "/usr/lib", "/usr/lib64");

    private static final List<String> LIBRARY_FOLDERS = List.of("lib", "lib64");

    private VmJail() {}

    static BubblewrapCommand withLibraries(String program, boolean kvm) {
        BubblewrapCommand jail = new BubblewrapCommand()
                .add("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
                .add("--unshare-net", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL")
                .add("--as-pid-1", "--hostname", "vmm")
                .add("--info-fd", Integer.toString(BubblewrapCommand.INFO_FD));
        for (String folder : FOLDERS) {
            if (Files.isDirectory(Path.of(folder))) {
                jail.readOnly(folder, folder);
            }
        }
        for (String folder : LIBRARY_FOLDERS) {
            if (Files.isSymbolicLink(Path.of("/", folder))) {
                jail.add("--symlink", "usr/" + folder, "/" + folder);
            } else if (Files.isDirectory(Path.of("/", folder))) {
                jail.readOnly("/" + folder, "/" + folder);
            }
        }
        jail.readOnly("/etc/ld.so.cache", "/etc/ld.so.cache").readOnly(program, program);
        jail.add("--proc", "/proc", "--dev", "/dev", "--chdir", "/");
        return kvm ? jail.add("--dev-bind-try", "/dev/kvm", "/dev/kvm") : jail;
    }
}
