package dev.thaw.runtimebridge;

import dev.thaw.scheduler.functions.FunctionConfig;
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
    public DeployedFunction {
        layerDirectories = List.copyOf(layerDirectories);
    }
}
