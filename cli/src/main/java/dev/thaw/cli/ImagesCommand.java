package dev.thaw.cli;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.microvm.images.GuestImages;
import dev.thaw.sandbox.microvm.images.GuestInstall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code thaw images}: fetches the packages that microVMs' kernels and root images are made of, and makes these. The
 * launcher calls it for {@code doctor --install} and {@code test}.
 */
@Command(name = "images", hidden = true, description = "Fetch and make the images of microVMs.")
final class ImagesCommand implements Callable<Integer> {
    @Option(names = "--refresh", description = "Fetch anew what is there.")
    private boolean refresh;

    private static Path directory() {
        return GuestImages.directory(Installation.root());
    }

    /** One for all of this JVM: what was prepared at a deployment is what sandboxes then mount. */
    static GuestImages open() {
        return Shared.IMAGES;
    }

    private static final class Shared {
        private static final GuestImages IMAGES = new GuestImages(
                directory(),
                ManagedRuntime.clients(),
                Installation.root().resolve("sandbox/target/init"),
                Clock.systemUTC());
    }

    @Override
    public Integer call() throws IOException {
        int failures = new GuestInstall(directory()).fetch(refresh, System.err::println);
        GuestImages images = open();
        for (Architecture architecture : Architecture.values()) {
            failures +=
                    make("kernel", architecture, () -> images.boot(architecture).kernel()) ? 0 : 1;
            for (String runtime : GuestImages.RUNTIMES) {
                if (images.missing(architecture, runtime).isEmpty()) {
                    failures += make(runtime, architecture, () -> images.root(architecture, runtime)) ? 0 : 1;
                }
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private interface Making {
        Path make() throws IOException;
    }

    private static boolean make(String what, Architecture architecture, Making making) {
        try {
            making.make();
            return true;
        } catch (IOException failure) {
            System.err.println("image " + what + " for " + architecture.key() + ": " + failure.getMessage());
            return false;
        }
    }
}
