package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A function whose package lies unpacked on this host.
 *
 * @param codeDirectory mounted at {@code /var/task}
 * @param layerDirectories merged at {@code /opt}, in order
 * @param region what {@code AWS_REGION} says inside
 */
public record DeployedFunction(FunctionConfig config, Path codeDirectory, List<Path> layerDirectories, String region) {
    static final String BOOTSTRAP = "bootstrap";

    public DeployedFunction {
        layerDirectories = List.copyOf(layerDirectories);
    }

    /**
     * Whether there is a {@code bootstrap} to run: in the package or, failing that, in a layer (contract.md section 1.8).
     * Asked at every start, because only an invocation may tell of it.
     */
    boolean hasEntrypoint() {
        return isEntrypoint(codeDirectory) || layerDirectories.stream().anyMatch(DeployedFunction::isEntrypoint);
    }

    private static boolean isEntrypoint(Path directory) {
        Path bootstrap = directory.resolve(BOOTSTRAP);
        return Files.isRegularFile(bootstrap) && Files.isExecutable(bootstrap);
    }
}
