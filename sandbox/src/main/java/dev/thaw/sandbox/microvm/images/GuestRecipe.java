package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What images are made of: Debian packages of a suite, and which files of thaw's clients go beside them.
 *
 * @param name names its files
 * @param suite of Debian; empty for the one that this machine runs
 * @param packages what is asked for; apt adds what they need
 * @param language where the language is in the image; empty where there is none
 * @param clients which files of the clients' folder are part of it, as patterns of their paths in there
 */
record GuestRecipe(String name, String suite, List<String> packages, String language, List<String> clients) {
    /** Kernels that are built for virtual machines. */
    static final GuestRecipe KERNEL = new GuestRecipe("kernel", "", List.of(), "", List.of());

    private static final List<String> BASE_PACKAGES = List.of(
            "base-files",
            "bash",
            "ca-certificates",
            "coreutils",
            "curl",
            "dash",
            "findutils",
            "grep",
            "gzip",
            "libstdc++6",
            "mawk",
            "sed",
            "tar");

    /** With a Python, as the host that processes see has: packages bring runtimes that are scripts. */
    static final GuestRecipe PROVIDED = new GuestRecipe(
            "provided",
            "",
            Stream.concat(BASE_PACKAGES.stream(), Stream.of("python3")).toList(),
            "",
            List.of());

    private static final List<GuestRecipe> ROOTS = List.of(
            PROVIDED,
            root("python3.11", "bookworm", "/usr", List.of("bootstrap.py"), "python3.11"),
            root("python3.13", "trixie", "/usr", List.of("bootstrap.py"), "python3.13"),
            root(
                    "nodejs20.x",
                    "trixie",
                    "/usr",
                    List.of("bootstrap.mjs", "rapid-client.cjs", "lib/nodejs/.*"),
                    "nodejs"),
            root(
                    "java25",
                    "trixie",
                    "/usr/lib/jvm/java-25-openjdk-%s",
                    List.of("lib/[^/]*\\.jar"),
                    "openjdk-25-jre-headless"));

    GuestRecipe {
        packages = List.copyOf(packages);
        clients = List.copyOf(clients);
    }

    private static GuestRecipe root(
            String name, String suite, String language, List<String> clients, String languagePackage) {
        return new GuestRecipe(
                name,
                suite,
                Stream.concat(BASE_PACKAGES.stream(), Stream.of(languagePackage))
                        .toList(),
                language,
                Stream.concat(Stream.of("bootstrap"), clients.stream()).toList());
    }

    /** Every root image that there is. */
    static List<GuestRecipe> roots() {
        return ROOTS;
    }

    /**
     * The root image of a runtime identifier, or null where there is none. A Java of today runs what was compiled for
     * older ones.
     */
    static @Nullable GuestRecipe of(String runtime) {
        String name = runtime.startsWith("provided") ? "provided" : runtime.equals("java21") ? "java25" : runtime;
        return ROOTS.stream()
                .filter(recipe -> recipe.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    String languageOf(Architecture architecture) {
        return language.formatted(DebianArchive.debian(architecture));
    }

    /** Whether a file of the clients' folder belongs into the image; {@code path} is relative. */
    boolean takes(String path) {
        return clients.stream().anyMatch(path::matches);
    }
}
