package dev.thaw.sandbox.process;

import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.kernel.Credentials;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.kernel.Namespaces;
import dev.thaw.sandbox.kernel.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where sandboxes' files are laid out for bubblewrap to pick up. As root it is a mount namespace of the spawning thread's
 * own: everything mounted here (size-limited {@code /tmp}s, code with mapped owners, merged layers) is invisible to the
 * rest of the host and vanishes with this process, however it ends. Otherwise it is a folder.
 *
 * <p>Threading: {@link #enter}, {@link #stage} on the spawning thread; {@link #join}, {@link #unstage} on the sweeping
 * thread.
 */
public final class StagingArea {
    /** Host user of every sandbox: the one that owns nothing. */
    static final int HOST_USER_ID = 65534;

    private final Path directory;
    private final boolean isPrivate;
    private final boolean dropsUser;
    private final boolean limitsTmp;
    private final Map<String, Integer> ownerMaps = new HashMap<>();
    private int mountNamespaceFd = -1;

    public StagingArea(Path directory, boolean isPrivate, boolean dropsUser, boolean limitsTmp) {
        this.directory = directory;
        this.isPrivate = isPrivate;
        this.dropsUser = dropsUser;
        this.limitsTmp = limitsTmp;
    }

    /** Paths of one sandbox's pieces, as the spawning thread sees them. {@code task} is an image's root, where there is one. */
    record Staged(String directory, String task, String opt, String tmp, Map<String, String> runtimeMounts) {}

    /** Sets the area up and moves the calling thread in for good. */
    public void enter() throws IOException {
        if (isPrivate) {
            Kernel.check(Namespaces.unshare(Namespaces.CLONE_FS | Namespaces.CLONE_NEWNS), "unshare mount namespace");
            Credentials.setFileModeMask(0022);
            Kernel.check(
                    Namespaces.mount("none", "/", "none", Namespaces.MS_REC | Namespaces.MS_PRIVATE, ""),
                    "make / private");
        }
        Files.createDirectories(directory);
        if (isPrivate) {
            mountTmpfs(directory, "mode=0755,size=64m", Namespaces.MS_NOSUID);
            mountNamespaceFd = (int) Kernel.check(Kernel.open("/proc/thread-self/ns/mnt", 0), "open ns/mnt");
        }
        Files.createDirectories(directory.resolve("s"));
        Files.createDirectories(root());
        RootFilesystem.build(root());
        Files.createFile(root().resolve("var/emulator"));
        Optional<Path> init = InitProgram.find();
        if (init.isPresent()) {
            Files.copy(init.get(), root().resolve("var/init"));
            Files.setPosixFilePermissions(root().resolve("var/init"), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        if (isPrivate) {
            mountRoot();
        }
        if (dropsUser) {
            Credentials.becomeUser(HOST_USER_ID, HOST_USER_ID);
        }
    }

    private void mountRoot() throws IOException {
        for (String folder : RootFilesystem.hostFolders()) {
            bindReadOnly("/" + folder, root().resolve(folder).toString());
        }
        if (RootFilesystem.isDash()) {
            bindReadOnly(RootFilesystem.BASH, root() + RootFilesystem.DASH);
        }
        RootFilesystem.makeDevices(root().resolve("dev"));
    }

    private static void mountTmpfs(Path target, String options, long flags) {
        Kernel.check(Namespaces.mount("tmpfs", target.toString(), "tmpfs", flags, options), "mount tmpfs on " + target);
    }

    private static void bindReadOnly(String source, String target) {
        Kernel.check(Namespaces.mount(source, target, "none", Namespaces.MS_BIND, ""), "bind " + source);
        long flags = Namespaces.MS_BIND
                | Namespaces.MS_REMOUNT
                | Namespaces.MS_RDONLY
                | Namespaces.MS_NOSUID
                | Namespaces.MS_NODEV;
        Kernel.check(Namespaces.mount("none", target, "none", flags, ""), "make read-only: " + source);
    }

    /** Moves another thread in. */
    public void join() {
        if (isPrivate) {
            Kernel.check(Namespaces.unshare(Namespaces.CLONE_FS), "unshare file system context");
            Kernel.check(Namespaces.setns(mountNamespaceFd, Namespaces.CLONE_NEWNS), "enter mount namespace");
        }
    }

    public Path directory() {
        return directory;
    }

    public Path root() {
        return directory.resolve("root");
    }

    /** True where {@link #root()} is complete; otherwise the host's folders and devices are still to be bound. */
    boolean hasMounts() {
        return isPrivate;
    }

    Staged stage(SandboxSpec spec) throws IOException {
        Path own = Files.createDirectories(directory.resolve("s").resolve(spec.name()));
        Path tmp = Files.createDirectories(own.resolve("tmp"));
        if (!isPrivate) {
            Map<String, String> runtime = new TreeMap<>();
            spec.runtimeMounts().forEach((target, source) -> runtime.put(target, source.toString()));
            return new Staged(
                    own.toString(), spec.codeDirectory().toString(), singleLayer(spec), tmp.toString(), runtime);
        }
        String size = limitsTmp ? spec.tmpMib() + "m" : "100%";
        mountTmpfs(tmp, "mode=1777,size=" + size, Namespaces.MS_NOSUID | Namespaces.MS_NODEV);
        Path task = Files.createDirectories(own.resolve("task"));
        if (spec.image() == null) {
            bindCode(spec.codeDirectory(), task);
        } else {
            // Owners as they are: an image must be readable for everybody (contract.md section 11).
            bindReadOnly(spec.codeDirectory().toString(), task.toString());
        }
        String opt = stageLayers(spec.layerDirectories(), own);
        return new Staged(
                own.toString(), task.toString(), opt, tmp.toString(), stageRuntime(spec.runtimeMounts(), own));
    }

    private Map<String, String> stageRuntime(Map<String, Path> mounts, Path own) throws IOException {
        Map<String, String> runtime = new TreeMap<>();
        for (Map.Entry<String, Path> mount : mounts.entrySet()) {
            Path target = Files.createDirectories(own.resolve("runtime" + runtime.size()));
            bindCode(mount.getValue(), target);
            runtime.put(mount.getKey(), target.toString());
        }
        return runtime;
    }

    private static String singleLayer(SandboxSpec spec) {
        return switch (spec.layerDirectories().size()) {
            case 0 -> "";
            case 1 -> spec.layerDirectories().getFirst().toString();
            default ->
                throw new IllegalStateException("layers of " + spec.name() + ": "
                        + spec.layerDirectories().size() + ", this host can mount 1 (merging needs root)");
        };
    }

    private String stageLayers(List<Path> layers, Path own) throws IOException {
        if (layers.isEmpty()) {
            return "";
        }
        Path opt = Files.createDirectories(own.resolve("opt"));
        if (layers.size() == 1) {
            bindCode(layers.getFirst(), opt);
            return opt.toString();
        }
        // The first lower directory is the uppermost: a later layer covers an earlier one. Bound first: paths with
        // colons, and owners, need it.
        StringBuilder lower = new StringBuilder("lowerdir=");
        for (int i = layers.size() - 1; i >= 0; i--) {
            Path layer = Files.createDirectories(own.resolve("layer" + i));
            bindCode(layers.get(i), layer);
            lower.append(layer).append(i == 0 ? "" : ":");
        }
        Kernel.check(
                Namespaces.mount("overlay", opt.toString(), "overlay", Namespaces.MS_RDONLY, lower.toString()),
                "merge layers");
        return opt.toString();
    }

    /**
     * Mounts code read-only with its owner shown as the sandbox's user, so that a folder which only its owner may read
     * works. Where the file system cannot do that, code must be readable for others, as on the real service.
     */
    private void bindCode(Path source, Path target) throws IOException {
        if (!Files.isDirectory(source)) {
            throw new IOException("code folder " + source + " does not exist or is no folder");
        }
        if (!dropsUser || !bindWithOwner(source, target)) {
            bindReadOnly(source.toString(), target.toString());
        }
    }

    private boolean bindWithOwner(Path source, Path target) throws IOException {
        int userId = (int) Files.getAttribute(source, "unix:uid");
        int groupId = (int) Files.getAttribute(source, "unix:gid");
        int map = ownerMaps.computeIfAbsent(userId + ":" + groupId, _ -> OwnerMap.open(userId, groupId));
        int tree = (int) Namespaces.openTree(source.toString());
        if (map < 0 || tree < 0) {
            Kernel.close(tree);
            return false;
        }
        try {
            return Namespaces.mapOwners(tree, map) >= 0 && Namespaces.moveMount(tree, target.toString()) >= 0;
        } finally {
            Kernel.close(tree);
        }
    }

    /** Frees what {@link #stage} made; a large {@code /tmp} takes its time. */
    void unstage(Staged staged) throws IOException {
        Path own = Path.of(staged.directory());
        if (isPrivate) {
            try (Stream<Path> children = Files.list(own)) {
                children.map(Path::toString).sorted(Comparator.reverseOrder()).forEach(Namespaces::unmount);
            }
        }
        ScratchFolders.deleteTree(own);
    }

    /** Frees everything; the sandboxes are gone. */
    public void close() throws IOException {
        ownerMaps.values().forEach(Kernel::close);
        Kernel.close(mountNamespaceFd);
        if (!isPrivate) {
            ScratchFolders.deleteTree(directory);
        }
    }
}
