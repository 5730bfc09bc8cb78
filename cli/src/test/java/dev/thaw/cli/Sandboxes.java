package dev.thaw.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The sandboxes of a server as the kernel shows them: processes, control groups, mounts. */
final class Sandboxes {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private final long serverPid;

    Sandboxes(long serverPid) {
        this.serverPid = serverPid;
    }

    /** Those of servers in this JVM. */
    static Sandboxes ours() {
        return new Sandboxes(ProcessHandle.current().pid());
    }

    /** Ends every process of a function's sandboxes with SIGKILL, found by their control groups. */
    void kill(String function) throws IOException, InterruptedException {
        List<Long> victims = pids(function);
        if (victims.isEmpty()) {
            throw new AssertionError("no process of " + function);
        }
        for (long pid : victims) {
            new ProcessBuilder("kill", "-9", Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    /** Processes of a function's sandboxes: those that have its name as a variable, and machines that run it. */
    List<Long> pids(String function) {
        String variable = "AWS_LAMBDA_FUNCTION_NAME=" + function + "\0";
        return processes().stream()
                .filter(pid -> read(pid, "environ").contains(variable) || isMachineOf(function, pid))
                .toList();
    }

    private static boolean isMachineOf(String function, long pid) {
        return read(pid, "comm").startsWith("qemu-system")
                && read(pid, "cgroup").contains("/" + function + "-");
    }

    private static String read(long pid, String file) {
        return read(Path.of("/proc", Long.toString(pid), file));
    }

    /** Everything that is left of a server: nothing, after an orderly end. */
    List<String> leftovers() {
        List<String> left = new ArrayList<>();
        groups().forEach(group -> left.add("control group " + group));
        processes().forEach(pid -> left.add("process " + pid));
        ProcessHandle.of(serverPid).stream()
                .flatMap(ProcessHandle::descendants)
                .forEach(child -> left.add(
                        "child " + child.pid() + " " + child.info().command().orElse("")));
        read(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains("/thaw-sandboxes-" + serverPid + "-"))
                .forEach(line -> left.add("mount " + line));
        return left;
    }

    private List<Long> processes() {
        TreeSet<Long> pids = new TreeSet<>();
        for (Path group : groups()) {
            read(group.resolve("cgroup.procs")).lines().forEach(line -> pids.add(Long.parseLong(line)));
        }
        return List.copyOf(pids);
    }

    private List<Path> groups() {
        try (Stream<Path> paths = Files.walk(GROUPS)) {
            return paths.filter(path -> path.toString().contains("/thaw-" + serverPid + "-"))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (UncheckedIOException | IOException vanished) {
            return groups(); // while it was walked
        }
    }

    /** Empty where it is gone by now. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
