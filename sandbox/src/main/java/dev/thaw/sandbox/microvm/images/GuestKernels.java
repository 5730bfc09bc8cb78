package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Kernels as microVMs boot them, and the file system of init and modules that each starts from, made of the init that
 * was built last.
 *
 * <p>Threading: safe on any thread; made one after another.
 */
final class GuestKernels {
    /** Changes with what is made of a package. */
    private static final String FORMAT = "kernel 2";

    private static final int KEY_DIGITS = 16;

    /** How a guest's disks and its channel are driven, and what its images are. */
    private static final List<String> MODULES = List.of("virtio_mmio", "virtio_blk", "virtio_console", "erofs");

    /** What Firecracker has besides: a channel that is a connection, and entropy. */
    private static final List<String> FIRECRACKER_MODULES = List.of("vmw_vsock_virtio_transport", "virtio_rng");

    private static final String MODULES_FOLDER = "modules";
    private static final String FIRECRACKER_FOLDER = "firecracker-modules";

    private final ImageFolder folder;
    private final Path packages;
    private final Path inits;
    private final InstantSource time;

    GuestKernels(ImageFolder folder, Path packages, Path inits, InstantSource time) {
        this.folder = folder;
        this.packages = packages;
        this.inits = inits;
        this.time = time;
    }

    /** A folder with {@code kernel}, {@code version} and modules as {@code NUMBER-NAME}, in two folders. */
    synchronized Path kernel(Architecture architecture) throws IOException {
        PackageLock lock = PackageLock.read(folder.resolve("."), GuestRecipe.KERNEL, architecture);
        TreeDigest digest = new TreeDigest().add(FORMAT).add(MODULES.toString()).add(FIRECRACKER_MODULES.toString());
        lock.lines().forEach(digest::add);
        String prefix = architecture.key() + "-kernel-";
        String name = prefix + digest.finish().substring(0, KEY_DIGITS);
        folder.get(name, at -> {
            folder.removeUnused(prefix, ImageFolder.KEPT, time.instant());
            make(lock.verified(packages), at);
        });
        return folder.used(name, time.instant());
    }

    private void make(List<Path> files, Path made) throws IOException {
        Path tree = Files.createDirectory(made.resolveSibling("tree"));
        for (Path file : files) {
            HostCommand.run("dpkg-deb", "--extract", file.toString(), tree.toString());
        }
        Path image = only(tree.resolve("boot"), "vmlinu.*");
        Path lib = Files.isDirectory(tree.resolve("usr/lib/modules"))
                ? tree.resolve("usr/lib/modules")
                : tree.resolve("lib/modules");
        Path versioned = only(lib, ".*");
        Files.createDirectories(made.resolve(MODULES_FOLDER));
        Files.createDirectories(made.resolve(FIRECRACKER_FOLDER));
        Files.write(made.resolve("kernel"), BootKernel.unpack(Files.readAllBytes(image)));
        Files.writeString(made.resolve("version"), versioned.getFileName().toString());
        KernelModules modules = new KernelModules(versioned);
        Map<String, byte[]> always = modules.inLoadOrder(MODULES);
        Map<String, byte[]> firecracker = modules.inLoadOrder(FIRECRACKER_MODULES);
        firecracker.keySet().removeAll(always.keySet());
        write(always, made.resolve(MODULES_FOLDER));
        write(firecracker, made.resolve(FIRECRACKER_FOLDER));
    }

    private static void write(Map<String, byte[]> modules, Path into) throws IOException {
        int number = 10;
        for (var module : modules.entrySet()) {
            Files.write(into.resolve(number++ + "-" + module.getKey()), module.getValue());
        }
    }

    /** The file system for a kernel and the init that was built last. */
    synchronized Path initramfs(Path kernel, Architecture architecture) throws IOException {
        Path init = inits.resolve(architecture.key()).resolve("guest-init");
        if (!Files.isRegularFile(init)) {
            throw new IOException("init of " + architecture.key() + " guests is not built (" + init
                    + "): thaw builds it where make and its compiler are there");
        }
        byte[] program = Files.readAllBytes(init);
        Map<String, byte[]> modules = modules(kernel.resolve(MODULES_FOLDER));
        Map<String, byte[]> firecracker = modules(kernel.resolve(FIRECRACKER_FOLDER));
        String prefix = architecture.key() + "-initramfs-";
        String key = new TreeDigest()
                .add(FORMAT)
                .add(kernel.getFileName().toString())
                .add(program)
                .finish()
                .substring(0, KEY_DIGITS);
        return folder.get(prefix + key + ".cpio", at -> {
            for (Path older : named(prefix)) {
                Files.deleteIfExists(older);
            }
            Files.write(at, Initramfs.of(program, modules, firecracker));
        });
    }

    private static Map<String, byte[]> modules(Path kept) throws IOException {
        Map<String, byte[]> modules = new LinkedHashMap<>();
        for (Path module : children(kept)) {
            modules.put(module.getFileName().toString().replaceFirst("^\\d+-", ""), Files.readAllBytes(module));
        }
        return modules;
    }

    private List<Path> named(String prefix) throws IOException {
        return children(folder.resolve(".")).stream()
                .filter(path -> path.getFileName().toString().startsWith(prefix))
                .toList();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    private static Path only(Path folder, String pattern) throws IOException {
        return children(folder).stream()
                .filter(path -> path.getFileName().toString().matches(pattern))
                .findFirst()
                .orElseThrow(() -> new IOException("the kernel's package has no " + folder.getFileName()));
    }
}
