package dev.thaw.cli;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.microvm.images.GuestImages;
import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runtimes of microVMs: root images of either architecture, with nothing of this host in them. */
final class GuestRuntimes implements FunctionRuntimes {
    private final GuestImages images;

    GuestRuntimes(GuestImages images) {
        this.images = images;
    }

    @Override
    public Map<String, Path> mountsOf(FunctionConfig function) throws IOException {
        Architecture architecture =
                function.architecture().equals(Architecture.ARM64.key()) ? Architecture.ARM64 : Architecture.X86_64;
        String missing = images.missing(architecture, function.runtime());
        if (!missing.isEmpty()) {
            throw new WrongUse("Runtime of function " + function.name() + ": " + function.runtime()
                    + ", cannot be used in microVMs here: " + missing);
        }
        Map<String, Path> mounts = new HashMap<>();
        mounts.put(SandboxSpec.ROOT_DIRECTORY, images.root(architecture, function.runtime()));
        if (!function.runtime().startsWith("provided")) {
            // Whose bootstrap the image has as well: it is what there is to be looked at from outside.
            mounts.put(SandboxSpec.RUNTIME_DIRECTORY, ManagedRuntime.clients());
        }
        return mounts;
    }

    @Override
    public void prepare(Path code, List<Path> layers) throws IOException {
        images.prepareFunction(code, layers);
    }

    @Override
    public void prepareContainer(Path root) throws IOException {
        images.prepareContainer(root);
    }
}
