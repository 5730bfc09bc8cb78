package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * The real init of a guest without a machine: as the first process of namespaces of its own, its channel a socket, its
 * root a folder whose programs are this host's. It may not set this host's clock.
 */
final class GuestProcess implements AutoCloseable {
    static final Path INIT = Path.of("target/init", Architecture.host().key(), "guest-init");

    private static final String SCRIPT = """
            base=$1 init=$2 group=$3
            if [ -n "$group" ]; then mkdir "$group" && echo $$ >"$group/cgroup.procs"; fi
            exec unshare -pmniuCf --kill-child --propagation private /bin/sh -c '
                mount -t tmpfs base "$1" && cd "$1" && mkdir root image image/task
                for folder in usr dev proc tmp etc var var/task opt; do mkdir "image/$folder" 2>/dev/null; done
                for name in bin lib lib64; do ln -s "usr/$name" "image/$name"; done
                : >image/etc/hosts; mkdir task; cp -r "$1.task/." task/; mkdir usr; mount --bind /usr usr
                exec setpriv --bounding-set -sys_time,-sys_boot "$2" 3 "$1"' box "$base" "$init"
            """;

    final int hostFd;
    private final Path base;
    private final Path group;
    private int pidFd;

    /** Starts one; {@code scripts} are shell scripts of its function image, by name. */
    GuestProcess(Path folder, Map<String, String> scripts) {
        this(folder, scripts, LocalSocket.pair());
    }

    /** The same, with the channel's ends in the halves of a number: the host's low, the guest's high. */
    GuestProcess(Path folder, Map<String, String> scripts, long pair) {
        base = folder.resolve("base");
        Path unified = Path.of("/sys/fs/cgroup/unified");
        Path tree = Files.isDirectory(unified) ? unified : Path.of("/sys/fs/cgroup");
        group = tree.resolve("thaw-guest-test-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(base);
            Path task = Files.createDirectories(folder.resolve("base.task"));
            for (Map.Entry<String, String> script : scripts.entrySet()) {
                Path file = Files.writeString(task.resolve(script.getKey()), "#!/bin/sh\n" + script.getValue());
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        hostFd = (int) pair;
        pidFd = (int) Kernel.openProcess(spawn((int) (pair >> 32)));
    }

    private int spawn(int theirFd) {
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        String init = INIT.toAbsolutePath().toString();
        List<String> words = List.of("/bin/sh", "-c", SCRIPT, "box", base.toString(), init, group.toString());
        try {
            return ProcessSpawner.spawn(words, new int[] {nothing, 2, 2, theirFd}, -1);
        } finally {
            Kernel.close(nothing);
            Kernel.close(theirFd);
        }
    }

    /** Its own exit code, or 128 and the signal that ended it. */
    int awaitExitCode() {
        int code = Kernel.awaitAndReap(pidFd);
        Kernel.close(pidFd);
        pidFd = -1;
        return code;
    }

    @Override
    public void close() {
        if (pidFd >= 0) {
            Kernel.killProcess(pidFd);
            int _ = awaitExitCode();
        }
        for (int attempt = 0; attempt < 100_000 && !removeGroups(); attempt++) {
            Thread.onSpinWait();
        }
    }

    private boolean removeGroups() {
        try {
            Files.deleteIfExists(group.resolve("function"));
            Files.deleteIfExists(group);
            return true;
        } catch (IOException busy) {
            return false;
        }
    }
}
