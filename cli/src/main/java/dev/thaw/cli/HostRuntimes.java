package dev.thaw.cli;

import dev.thaw.sandbox.Isolation;
import dev.thaw.scheduler.functions.FunctionConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runtimes of processes: the host's own languages. */
final class HostRuntimes implements FunctionRuntimes {
    private final Isolation isolation;

    HostRuntimes(Isolation isolation) {
        this.isolation = isolation;
    }

    @Override
    public Map<String, Path> mountsOf(FunctionConfig function) {
        return ManagedRuntime.mountsOf(function, isolation);
    }

    @Override
    public void prepare(Path code, List<Path> layers) {
        // Sandboxes mount the folders as they are.
    }

    @Override
    public void prepareContainer(Path root) {
        // It is their root as it is.
    }
}
