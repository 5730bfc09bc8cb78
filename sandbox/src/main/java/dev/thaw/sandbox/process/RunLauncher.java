package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.code.ElfHeader;
import dev.thaw.sandbox.code.EntryPoint;
import dev.thaw.sandbox.code.ExternalExtensions;
import dev.thaw.sandbox.kernel.BackendThreads;
import dev.thaw.sandbox.kernel.BubblewrapCommand;
import dev.thaw.sandbox.kernel.ControlGroup;
import dev.thaw.sandbox.kernel.HostPrograms;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.Namespaces;
import dev.thaw.sandbox.kernel.SeccompFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts sandboxes' processes. Owns the thread {@code sandbox-spawn}: bubblewrap ties every sandbox's life to the thread
 * that started it, so the thread lives as long as the backend, and a killed JVM leaves nothing behind.
 *
 * <p>Threading: {@link #execute} is safe on any thread; {@link #launch} on the spawning thread only.
 */
final class RunLauncher implements AutoCloseable {
    static final int API_PORT = 9001;
    private static final String EMULATOR_INSIDE = "/var/emulator";
    /** Where an emulated image finds its emulator, and what that needs; a mount point of every image. */
    private static final String HOST_INSIDE = "/.thaw/host";

    private static final String MULTIARCH =
            Architecture.host() == Architecture.ARM64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    /** Part of the root. */
    private static final String INIT_INSIDE = "/var/init";
    /** The same in an image; a mount point of every image. */
    private static final String INIT_IN_IMAGE = "/.thaw/init";

    private final Set<Notch> active;
    private final StagingArea staging;
    private final ScheduledThreadPoolExecutor spawning = BackendThreads.start("sandbox-spawn");
    private final byte[] filter = SeccompFilter.program(Architecture.host());
    private int ownNetworkFd = -1;

    private RunLauncher(Set<Notch> active, StagingArea staging) {
        this.active = active;
        this.staging = staging;
    }

    /** Sets up the thread and its files, with the pieces in {@code active}; fails with one line. */
    static RunLauncher open(Set<Notch> active, StagingArea staging) {
        RunLauncher launcher = new RunLauncher(active, staging);
        try {
            launcher.spawning.submit(launcher::enter).get();
            return launcher;
        } catch (ExecutionException failure) {
            BackendThreads.stop(launcher.spawning);
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IllegalStateException(cause.getMessage(), cause);
        } catch (InterruptedException stop) {
            BackendThreads.stop(launcher.spawning);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the process backend was set up", stop);
        }
    }

    private Void enter() throws IOException {
        ownNetworkFd = (int) Kernel.check(Kernel.open("/proc/thread-self/ns/net", 0), "open ns/net");
        staging.enter();
        return null;
    }

    boolean has(Notch notch) {
        return active.contains(notch);
    }

    void execute(Runnable task) {
        spawning.execute(BackendThreads.guard(task));
    }

    /** Runs a command in a sandbox of nothing but the root: its output shows whether sandboxes work here. */
    String probe() {
        try {
            return spawning.submit(this::probeOnThread).get();
        } catch (ExecutionException failure) {
            return failure.getCause() == null
                    ? failure.toString()
                    : String.valueOf(failure.getCause().getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private String probeOnThread() {
        BubblewrapCommand command = base("probe", "").add("--proc", "/proc").add("--chdir", "/");
        try (SandboxRun run = launch(command, List.of("/bin/sh", "-c", "echo ok"), null, false)) {
            return run.finish().strip();
        }
    }

    /** Starts a sandbox's processes, waiting for their release, with its Runtime API socket. */
    SandboxRun launch(
            SandboxSpec spec,
            StagingArea.Staged staged,
            EntryPoint entry,
            ExternalExtensions extensions,
            ControlGroup group) {
        SandboxRun run = has(Notch.BUBBLEWRAP)
                ? launchBubble(spec, staged, entry, extensions, group)
                : plain(spec, entry, group);
        try {
            run.makeOutputNonBlocking();
            if (has(Notch.NETWORK_NAMESPACE)) {
                run.setApiFd(listenInside(run.initPid()));
            }
            return run;
        } catch (RuntimeException failure) {
            run.kill();
            Kernel.awaitAndReap(run.monitorFd());
            run.close();
            throw failure;
        }
    }

    private SandboxRun launchBubble(
            SandboxSpec spec,
            StagingArea.Staged staged,
            EntryPoint entry,
            ExternalExtensions extensions,
            ControlGroup group) {
        // On the host's loopback it is bound before the launch: the variable must name the port.
        int hostApi = has(Notch.NETWORK_NAMESPACE) ? -1 : Kernel.listenOnLoopback(0);
        // What cannot run is told by a shell of the host's.
        ImageProcess image = entry.runnable() ? spec.image() : null;
        BubblewrapCommand command =
                base(spec.name(), image == null ? "" : staged.task()).variables(variables(spec, address(hostApi)));
        if (spec.image() == null) {
            command.readOnly(staged.task(), "/var/task");
        }
        if (!staged.opt().isEmpty()) {
            command.readOnly(staged.opt(), "/opt");
        }
        staged.runtimeMounts().forEach((target, source) -> command.readOnly(source, target));
        List<String> emulator = List.of();
        if (entry.foreign() || extensions.anyForeign()) {
            emulator = image == null
                    ? foreignCode(command, spec.architecture())
                    : foreignImage(command, spec.architecture());
        }
        String directory = image == null ? "/var/task" : image.workingDirectory();
        command.add("--bind", staged.tmp(), "/tmp", "--proc", "/proc", "--chdir", directory);
        List<String> words = entry.command(emulator, spec.architecture());
        if (extensions.isEmpty()) {
            return withApi(hostApi, () -> launch(command, words, group, false));
        }
        List<String> all = new ArrayList<>();
        if (image == null) {
            all.add(INIT_INSIDE);
        } else {
            command.readOnly(staging.root() + INIT_INSIDE, INIT_IN_IMAGE);
            all.add(INIT_IN_IMAGE);
        }
        addInitArguments(all, spec, extensions, emulator);
        addProcess(all, words);
        return withApi(hostApi, () -> launch(command, all, group, true));
    }

    private static void addInitArguments(
            List<String> words, SandboxSpec spec, ExternalExtensions extensions, List<String> emulator) {
        words.add(Integer.toString(BubblewrapCommand.CONTROL_FD));
        words.add(Integer.toString(BubblewrapCommand.EXTENSION_OUTPUT_FD));
        words.add(String.join(":", ExternalExtensions.HIDDEN_VARIABLES));
        for (EntryPoint extension : extensions.entries()) {
            addProcess(words, extension.command(emulator, spec.architecture()));
        }
    }

    /** Counted, for a word of the image may be whatever could separate. */
    private static void addProcess(List<String> words, List<String> process) {
        words.add(Integer.toString(process.size()));
        words.addAll(process);
    }

    private SandboxRun launch(
            BubblewrapCommand command, List<String> words, @Nullable ControlGroup group, boolean controlled) {
        int seccompFd = has(Notch.SECCOMP) ? Kernel.memoryFile("seccomp", filter) : -1;
        try {
            return SandboxRun.launch(command, words, group, seccompFd, controlled);
        } finally {
            Kernel.close(seccompFd);
        }
    }

    /** {@code imageRoot} is what the sandbox has for a root, or empty for the host's. */
    private BubblewrapCommand base(String hostName, String imageRoot) {
        BubblewrapCommand command = new BubblewrapCommand()
                .namespaces(has(Notch.NETWORK_NAMESPACE), has(Notch.SECCOMP))
                .user(BubblewrapCommand.USER_ID, BubblewrapCommand.GROUP_ID, hostName);
        if (imageRoot.isEmpty()) {
            bindRoot(command, "");
        } else {
            command.readOnly(imageRoot, "/")
                    .readOnly(staging.root().resolve("etc/hosts").toString(), "/etc/hosts");
        }
        return staging.hasMounts()
                ? command.add("--dev-bind", staging.root().resolve("dev").toString(), "/dev")
                : command.add("--dev", "/dev");
    }

    /** Binds the root that packages see at {@code target}. */
    private void bindRoot(BubblewrapCommand command, String target) {
        command.readOnly(staging.root().toString(), target.isEmpty() ? "/" : target);
        if (!staging.hasMounts()) {
            RootFilesystem.hostFolders().forEach(folder -> command.readOnly("/" + folder, target + "/" + folder));
        }
    }

    /** Makes an emulator work beside a package; the words that start it. */
    private static List<String> foreignCode(BubblewrapCommand command, Architecture architecture) {
        command.readOnly(emulator(architecture), EMULATOR_INSIDE);
        return List.of(EMULATOR_INSIDE);
    }

    /** The same inside an image, which lacks the libraries that the emulator needs: they and their loader come along. */
    private List<String> foreignImage(BubblewrapCommand command, Architecture architecture) {
        bindRoot(command, HOST_INSIDE);
        String emulator;
        String loader;
        try {
            // Links may be absolute, and would then lead into the image.
            Path program = Path.of(emulator(architecture)).toRealPath();
            emulator = HOST_INSIDE + program;
            ElfHeader header = ElfHeader.read(program);
            if (header == null || header.interpreter().isEmpty()) {
                return List.of(emulator);
            }
            loader = HOST_INSIDE + Path.of(header.interpreter()).toRealPath();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the emulator of " + architecture.key() + " cannot be read", unreadable);
        }
        String libraries = Stream.of("lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib")
                .flatMap(folder -> Stream.of(folder, folder + "/" + MULTIARCH))
                .map(folder -> HOST_INSIDE + "/" + folder)
                .collect(Collectors.joining(":"));
        return List.of(loader, "--inhibit-cache", "--library-path", libraries, emulator);
    }

    private SandboxRun plain(SandboxSpec spec, EntryPoint entry, ControlGroup group) {
        if (spec.image() != null) {
            throw new IllegalStateException("container images need bubblewrap (Debian: apt install bubblewrap)");
        }
        int hostApi = Kernel.listenOnLoopback(0);
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c"));
        words.add("read -r _ <&4; exec 3>&- 4<&-; cd \"$0\" && exec \"$@\"");
        words.add(spec.codeDirectory().toString());
        words.addAll(List.of("/usr/bin/env", "-i"));
        variables(spec, address(hostApi)).forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(entry.command(List.of(emulator(spec.architecture())), spec.architecture()));
        if (entry.runnable()) {
            words.set(words.size() - 1, entry.hostPath());
        }
        HostPrograms.find("setpriv").ifPresent(setpriv -> words.addAll(0, List.of(setpriv, "--pdeathsig", "KILL")));
        return withApi(hostApi, () -> SandboxRun.launchPlain(words, group));
    }

    private static SandboxRun withApi(int apiFd, Supplier<SandboxRun> launch) {
        try {
            SandboxRun run = launch.get();
            run.setApiFd(apiFd);
            return run;
        } catch (RuntimeException failure) {
            Kernel.close(apiFd);
            throw failure;
        }
    }

    /** A plain process sees its code where it lies. */
    private Map<String, String> variables(SandboxSpec spec, String address) {
        Map<String, String> variables = new TreeMap<>(spec.environment());
        variables.put("AWS_LAMBDA_RUNTIME_API", address);
        if (!has(Notch.BUBBLEWRAP)) {
            variables.put("LAMBDA_TASK_ROOT", spec.codeDirectory().toString());
        }
        return variables;
    }

    private static String address(int hostApi) {
        return "127.0.0.1:" + (hostApi < 0 ? API_PORT : Kernel.localPort(hostApi));
    }

    private static String emulator(Architecture architecture) {
        return HostPrograms.find(HostPrograms.emulator(architecture)).orElse("");
    }

    private int listenInside(int initPid) {
        int networkFd = (int) Kernel.check(openNetwork(initPid), "open ns/net of sandbox");
        return inside(networkFd, () -> Kernel.listenOnLoopback(API_PORT));
    }

    /** A connection to a port of a sandbox, or the negated errno. On the spawning thread. */
    int connectInside(SandboxRun run, int port) {
        if (!has(Notch.NETWORK_NAMESPACE)) {
            return Kernel.connectToLoopback(port);
        }
        int networkFd = (int) openNetwork(run.initPid());
        if (networkFd < 0) {
            return networkFd;
        }
        // Still there, so its number did not become another's before it was opened.
        boolean same = run.hasInit();
        return inside(networkFd, () -> same ? Kernel.connectToLoopback(port) : -Kernel.ESRCH);
    }

    private static long openNetwork(int initPid) {
        return Kernel.open("/proc/" + initPid + "/ns/net", 0);
    }

    /** Steps into a sandbox's network just to open a socket: no proxy, no hop, no way out for the function. */
    private int inside(int networkFd, IntSupplier open) {
        try {
            Kernel.check(Namespaces.setns(networkFd, Namespaces.CLONE_NEWNET), "enter network namespace");
            try {
                return open.getAsInt();
            } finally {
                Kernel.check(Namespaces.setns(ownNetworkFd, Namespaces.CLONE_NEWNET), "leave network namespace");
            }
        } finally {
            Kernel.close(networkFd);
        }
    }

    @Override
    public void close() {
        BackendThreads.stop(spawning);
        Kernel.close(ownNetworkFd);
    }
}
