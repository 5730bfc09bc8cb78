package dev.thaw.sandbox.microvm.images;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.code.JavaArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Does once, while a root is made, what its languages would do again at every start: byte code of Python's library,
 * Java's class archive and its certificates. What fails costs the image nothing but speed.
 */
final class WarmRoot {
    private static final System.Logger LOG = System.getLogger(WarmRoot.class.getName());
    /** Of every Java's certificates: they are public. */
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path root;
    private final GuestRecipe recipe;
    private final Architecture architecture;

    WarmRoot(Path root, GuestRecipe recipe, Architecture architecture) {
        this.root = root;
        this.recipe = recipe;
        this.architecture = architecture;
    }

    void make() throws IOException {
        fixTimes();
        if (recipe.name().startsWith("java")) {
            writeKeyStore();
        }
        if (!RootPrograms.usable(architecture)) {
            return;
        }
        try {
            RootPrograms programs = new RootPrograms(root, architecture);
            compilePython(programs);
            if (recipe.name().startsWith("java")) {
                archiveClasses(programs);
            }
        } catch (IOException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "image {0} for {1} will start slower: {2}",
                    recipe.name(),
                    architecture.key(),
                    failure.getMessage());
        }
    }

    /** The archive remembers when its classes' files were changed, which the image will say of all of them. */
    private void fixTimes() throws IOException {
        FileTime time = FileTime.from(Instant.ofEpochSecond(ErofsImage.CHANGED_EPOCH_SEC));
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path file : tree.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.setLastModifiedTime(file, time);
            }
        }
    }

    /** Of sources that nobody can change, so that no start compares them. */
    private void compilePython(RootPrograms programs) throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve("usr/lib"))) {
            for (Path library : folders.filter(this::isPython).toList()) {
                programs.run(List.of(
                        "/usr/bin/" + library.getFileName(),
                        "-I",
                        "-m",
                        "compileall",
                        "-q",
                        "--invalidation-mode",
                        "unchecked-hash",
                        "/usr/lib/" + library.getFileName()));
            }
        }
    }

    private boolean isPython(Path library) {
        String name = library.getFileName().toString();
        return name.matches("python3\\.\\d+")
                && Files.isExecutable(root.resolve("usr/bin").resolve(name));
    }

    private void archiveClasses(RootPrograms programs) throws IOException {
        String java = recipe.languageOf(architecture) + "/bin/java";
        JavaArchive.Java started = (arguments, variables) -> programs.start(
                Stream.concat(Stream.of(java), arguments.stream()).toList(), variables);
        try {
            if (!JavaArchive.make(started, root.resolve("var/runtime/lib"), "/var/runtime/lib")) {
                throw new IOException("the training run of its Java made no class archive");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** The package's script would have made it of the same certificates. */
    private void writeKeyStore() throws IOException {
        Path file = root.resolve("etc/ssl/certs/java/cacerts");
        Files.createDirectories(file.resolveSibling("."));
        try (Stream<Path> tree = Files.walk(root.resolve("usr/share/ca-certificates"));
                OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, PASSWORD);
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            for (Path path : tree.filter(Files::isRegularFile).sorted().toList()) {
                try (var in = Files.newInputStream(path)) {
                    Certificate certificate = certificates.generateCertificate(in);
                    store.setCertificateEntry(path.getFileName().toString(), certificate);
                }
            }
            store.store(out, PASSWORD);
        } catch (GeneralSecurityException refused) {
            throw new IOException("certificates of image " + recipe.name() + ": " + refused.getMessage(), refused);
        }
    }
}
