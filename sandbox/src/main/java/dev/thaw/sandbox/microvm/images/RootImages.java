package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Root images of runtimes: Debian's packages, thaw's client at {@code /var/runtime}, the language at {@code /var/lang}.
 * An image is named by what it is made of, and made when it is asked for and not there.
 *
 * <p>Threading: safe on any thread; images are made one after another.
 */
final class RootImages {
    /** Changes with what {@link PackageTree} and {@link WarmRoot} do. */
    private static final String FORMAT = "root 4";

    private static final int KEY_DIGITS = 16;
    /** Who functions are inside, as in processes. */
    private static final String USER_NAME = "sbx_user1051";

    private static final int USER_ID = 993;
    private static final int GROUP_ID = 990;

    private final ImageFolder folder;
    private final Path packages;
    private final Path clients;
    private final InstantSource time;

    RootImages(ImageFolder folder, Path packages, Path clients, InstantSource time) {
        this.folder = folder;
        this.packages = packages;
        this.clients = clients;
        this.time = time;
    }

    synchronized Path get(GuestRecipe recipe, Architecture architecture) throws IOException {
        PackageLock lock = PackageLock.read(folder.resolve("."), recipe, architecture);
        SortedMap<Path, Path> client = client(recipe);
        TreeDigest digest = new TreeDigest().add(FORMAT).add(recipe.toString());
        digest.add(RootPrograms.usable(architecture) ? "warm" : "cold");
        lock.lines().forEach(digest::add);
        String prefix = architecture.key() + "-" + recipe.name() + "-";
        String name = prefix + digest.add(client).finish().substring(0, KEY_DIGITS) + ".erofs";
        if (!Files.exists(folder.resolve(name))) {
            folder.put(name, at -> make(recipe, architecture, lock, client, at));
            folder.removeUnused(prefix, ImageFolder.KEPT, time.instant());
        }
        return folder.used(name, time.instant());
    }

    private void make(
            GuestRecipe recipe, Architecture architecture, PackageLock lock, SortedMap<Path, Path> client, Path image)
            throws IOException {
        Path root = Files.createDirectory(image.resolveSibling("root"));
        PackageTree tree = new PackageTree(root);
        tree.unpack(lock.verified(packages));
        tree.settle(USER_NAME, USER_ID, GROUP_ID);
        if (!recipe.language().isEmpty()) {
            tree.link("var/lang", recipe.languageOf(architecture));
        }
        Path runtime = Files.createDirectories(root.resolve("var/runtime"));
        for (var file : client.entrySet()) {
            Path to = runtime.resolve(file.getKey());
            Files.createDirectories(to.resolveSibling("."));
            Files.copy(file.getValue(), to, StandardCopyOption.COPY_ATTRIBUTES);
        }
        openFolders(root);
        new WarmRoot(root, recipe, architecture).make();
        openFolders(root);
        ErofsImage.make(root, image);
    }

    /** Whatever the mask of whoever made them: functions read all of it. */
    private static void openFolders(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path folder : tree.filter(path -> Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private SortedMap<Path, Path> client(GuestRecipe recipe) throws IOException {
        SortedMap<Path, Path> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(clients)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                Path at = clients.relativize(file);
                if (recipe.takes(at.toString())) {
                    files.put(at, file);
                }
            }
        }
        return files;
    }
}
