package dev.thaw.sandbox.process;

import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.Kernel;
import java.util.List;

/**
 * A user namespace in which one file owner stands for the sandboxes' host user: what an id-mapped mount needs. Made by a
 * short-lived bubblewrap that runs as that user; the namespace lives on in the descriptor.
 */
final class OwnerMap {
    private OwnerMap() {}

    /** A descriptor of such a namespace, or -1. Called on the spawning thread, after it became the host user. */
    static int open(int userId, int groupId) {
        BubblewrapCommand command = new BubblewrapCommand()
                .add("--unshare-user", "--uid", Integer.toString(userId), "--gid", Integer.toString(groupId))
                .add("--info-fd", Integer.toString(BubblewrapCommand.INFO_FD))
                .add("--block-fd", Integer.toString(BubblewrapCommand.BLOCK_FD))
                .add("--ro-bind", "/", "/", "--die-with-parent");
        try (SandboxRun run = SandboxRun.launch(command, List.of("/bin/echo", "ok"), null, -1, false)) {
            int namespace = (int) Kernel.open("/proc/" + run.initPid() + "/ns/user", 0);
            // The echo shows that the map is written; then the process is no longer needed.
            boolean mapped = run.finish().equals("ok\n");
            if (!mapped) {
                Kernel.close(namespace);
                return -1;
            }
            return namespace;
        } catch (RuntimeException refused) {
            return -1;
        }
    }
}
