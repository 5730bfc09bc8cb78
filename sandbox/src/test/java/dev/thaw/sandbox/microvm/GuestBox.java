package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.LocalSocket;
import dev.thaw.sandbox.kernel.ProcessSpawner;
import dev.thaw.sandbox.kernel.SeccompFilter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The real init of a guest without a machine: as the first process of namespaces of its own, its channel a socket, its
 * root a folder whose programs are this host's. It may not set this host's clock.
 */
final class GuestBox implements AutoCloseable {
    private static final Path INIT = Path.of("target/init", Architecture.host().key(), "guest-init");
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

    final GuestChannels channels;
    final GuestChannel guest;
    final RecordedGuestEvents events = new RecordedGuestEvents();

    private final Path base;
    private final Path group;
    private final int pidFd;
    private final List<List<String>> extensions = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

    /** Skips the calling test, with a printed line, where there is no such init or no right to make namespaces. */
    static void require() {
        boolean can = Files.isExecutable(INIT) && Files.isWritable(Path.of("/proc/sys/kernel/hostname"));
        if (!can) {
            System.out.println("skipped: guest's init needs root, and " + INIT + " (make -C sandbox/src/main/c)");
        }
        Assumptions.assumeTrue(can);
    }

    /** Boots one; {@code scripts} are shell scripts of its function image, by name. */
    GuestBox(Path folder, Map<String, String> scripts) {
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
        channels = new GuestChannels(folder.resolve("sockets"));
        long pair = LocalSocket.pair();
        guest = channels.open((int) pair, events);
        pidFd = (int) Kernel.openProcess(spawn((int) (pair >> 32)));
    }

    private int spawn(int theirFd) {
        int nothing = (int) Kernel.check(Kernel.open("/dev/null", Kernel.O_RDWR), "open /dev/null");
        List<String> words = List.of(
                "/bin/sh",
                "-c",
                SCRIPT,
                "box",
                base.toString(),
                INIT.toAbsolutePath().toString(),
                group.toString());
        try {
            return ProcessSpawner.spawn(words, new int[] {nothing, 2, 2, theirFd}, -1);
        } finally {
            Kernel.close(nothing);
            Kernel.close(theirFd);
        }
    }

    GuestBox extension(String script) {
        extensions.add(List.of("/var/task/" + script));
        return this;
    }

    GuestBox variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Prepares it to run a script of its image as the runtime. */
    GuestBox prepare(String script) {
        guest.hello(1_700_000_000_000_000_000L);
        guest.prepare(spec(List.of("/var/task/" + script)));
        expect("ready");
        expect("prepared");
        return this;
    }

    GuestSpec spec(List<String> runtime) {
        List<GuestMount> mounts = List.of(
                new GuestMount.Bind(GuestMount.IMAGE, GuestMount.ROOT),
                new GuestMount.Bind("/usr", "/root/usr"),
                new GuestMount.Bind("/task", "/root/var/task"));
        return new GuestSpec(
                993,
                990,
                64 << 20,
                100,
                16 << 20,
                "guest-test",
                "/var/task",
                environment,
                List.of("SECRET"),
                extensions,
                runtime,
                mounts,
                ByteBuffer.wrap(SeccompFilter.program(Architecture.host())));
    }

    void expect(String event) {
        String told = events.next();
        if (!told.equals(event)) {
            throw new AssertionError("expected " + event + ", was told " + told + "; faults: " + events.faults);
        }
    }

    /** A connection to a port inside, or the negated errno. */
    int connect(int port) throws Exception {
        CompletableFuture<Integer> connected = new CompletableFuture<>();
        guest.connectInside(port, connected::complete);
        return connected.get(20, TimeUnit.SECONDS);
    }

    /** Reads until {@code enough} is in it; fails after 20 s. */
    static String read(int fd, String enough) {
        StringBuilder text = new StringBuilder();
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!text.toString().contains(enough)) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("no '" + enough + "' in: " + text);
            }
            long count = Kernel.read(fd, Kernel.data().address(), 4096);
            if (count > 0) {
                byte[] bytes = Kernel.data().asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
                text.append(new String(bytes, StandardCharsets.UTF_8));
            } else if (count == 0) {
                throw new AssertionError("ended without '" + enough + "': " + text);
            } else {
                Thread.onSpinWait();
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        channels.close();
        Kernel.killProcess(pidFd);
        Kernel.awaitAndReap(pidFd);
        Kernel.close(pidFd);
        for (int attempt = 0; attempt < 1000 && !removeGroups(); attempt++) {
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
