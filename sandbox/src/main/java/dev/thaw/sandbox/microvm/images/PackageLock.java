package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.image.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which packages a recipe was resolved to when it was last fetched, with the digest of each: images are made of these
 * and no others, without asking the network.
 *
 * @param lines digest and name of each package's file
 */
record PackageLock(List<String> lines) {
    PackageLock {
        lines = List.copyOf(lines);
    }

    private static Path file(Path folder, GuestRecipe recipe, Architecture architecture) {
        return folder.resolve(architecture.key() + "-" + recipe.name() + ".packages");
    }

    static boolean exists(Path folder, GuestRecipe recipe, Architecture architecture) {
        return Files.isRegularFile(file(folder, recipe, architecture));
    }

    static PackageLock read(Path folder, GuestRecipe recipe, Architecture architecture) throws IOException {
        return new PackageLock(Files.readAllLines(file(folder, recipe, architecture)));
    }

    static void write(ImageFolder folder, GuestRecipe recipe, Architecture architecture, List<Path> packages)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : packages) {
            lines.add(Sha256.hex(file) + "  " + file.getFileName());
        }
        folder.put(file(Path.of(""), recipe, architecture).toString(), at -> Files.write(at, lines));
    }

    /** The packages' files; each is what was fetched, or this fails. */
    List<Path> verified(Path packages) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String line : lines) {
            int space = line.indexOf("  ");
            Path file = packages.resolve(line.substring(space + 2));
            if (!Files.isRegularFile(file) || !Sha256.hex(file).equals(line.substring(0, space))) {
                throw new IOException(
                        "package " + file.getFileName() + " is not what was fetched: thaw doctor --install");
            }
            files.add(file);
        }
        return files;
    }
}
