package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Fetches the packages that kernels and root images are made of, through apt, from where this machine gets its own.
 * Needs neither root nor an installed package of a foreign architecture.
 */
public final class GuestInstall {
    private final ImageFolder folder;
    private final Map<String, DebianArchive> archives = new HashMap<>();

    public GuestInstall(Path directory) {
        folder = new ImageFolder(directory);
    }

    /**
     * Fetches what is missing, or all that is new; where others do so at the same time, after them.
     *
     * @param refresh whether what is there is fetched anew
     * @param said gets a line for each image whose packages were fetched or could not be
     * @return how many could not be
     * @throws IOException where this machine has no packages of Debian at all
     */
    public int fetch(boolean refresh, Consumer<String> said) throws IOException {
        Path lock = folder.resolve("lock");
        Files.createDirectories(lock.resolveSibling("."));
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return fetchAll(refresh, said);
        }
    }

    private int fetchAll(boolean refresh, Consumer<String> said) throws IOException {
        AptSources sources = AptSources.read(Path.of("/"));
        List<GuestRecipe> recipes = new ArrayList<>(List.of(GuestRecipe.KERNEL));
        recipes.addAll(GuestRecipe.roots());
        int failures = 0;
        for (Architecture architecture : Architecture.values()) {
            for (GuestRecipe recipe : recipes) {
                if (refresh || !PackageLock.exists(folder.resolve("."), recipe, architecture)) {
                    failures += tryFetch(sources, recipe, architecture, said) ? 0 : 1;
                }
            }
        }
        return failures;
    }

    private boolean tryFetch(AptSources sources, GuestRecipe recipe, Architecture architecture, Consumer<String> said) {
        String what = "image " + recipe.name() + " for " + architecture.key() + ": ";
        try {
            List<Path> files = fetch(sources, recipe, architecture);
            PackageLock.write(folder, recipe, architecture, files);
            said.accept(what + files.size() + " packages");
            return true;
        } catch (IOException failure) {
            said.accept(what + failure.getMessage());
            return false;
        }
    }

    private List<Path> fetch(AptSources sources, GuestRecipe recipe, Architecture architecture) throws IOException {
        String suite = recipe.suite().isEmpty() ? sources.codename() : recipe.suite();
        DebianArchive archive = archives.computeIfAbsent(
                suite + architecture,
                _ -> new DebianArchive(folder.resolve("apt"), folder.resolve("packages"), suite, architecture));
        if (!recipe.equals(GuestRecipe.KERNEL)) {
            return archive.fetch(sources, recipe.packages());
        }
        return archive.fetchKernel(sources);
    }
}
