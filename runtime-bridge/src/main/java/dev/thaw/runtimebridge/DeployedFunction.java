package dev.thaw.runtimebridge;

import dev.thaw.sandbox.CodeCheck;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.image.ContainerImage;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.ImageConfig;
import dev.thaw.scheduler.functions.RegisteredFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function whose package lies unpacked on this host.
 *
 * @param version {@code $LATEST} or a number
 * @param codeDirectory mounted at {@code /var/task}
 * @param layerDirectories merged at {@code /opt}, in order
 * @param runtimeMounts folders of its managed runtime by where they are mounted; empty where the package or a layer
 *     brings its own {@code bootstrap}
 * @param region what {@code AWS_REGION} says inside
 * @param image where the function is of a container image, whose root takes the place of {@code codeDirectory}; or null
 * @param snapshot what its environments go on from; null where they init
 * @param check asked before each environment is made
 */
public record DeployedFunction(
        FunctionConfig config,
        String version,
        Path codeDirectory,
        List<Path> layerDirectories,
        Map<String, Path> runtimeMounts,
        String region,
        @Nullable ContainerImage image,
        @Nullable Snapshot snapshot,
        CodeCheck check) {
    public DeployedFunction {
        runtimeMounts = Map.copyOf(runtimeMounts);
        layerDirectories = List.copyOf(layerDirectories);
    }

    /** A function of a deployment package. */
    public DeployedFunction(
            FunctionConfig config,
            Path codeDirectory,
            List<Path> layerDirectories,
            Map<String, Path> runtimeMounts,
            String region) {
        this(
                config,
                RegisteredFunction.LATEST,
                codeDirectory,
                layerDirectories,
                runtimeMounts,
                region,
                null,
                null,
                CodeCheck.NONE);
    }

    /** A function that brings its own runtime. */
    public DeployedFunction(FunctionConfig config, Path codeDirectory, List<Path> layerDirectories, String region) {
        this(config, codeDirectory, layerDirectories, Map.of(), region);
    }

    /** A function of a container image; {@code /opt} and all that may be in it are the image's own. */
    public static DeployedFunction of(FunctionConfig config, ContainerImage image, String region) {
        return new DeployedFunction(
                config,
                RegisteredFunction.LATEST,
                image.root(),
                List.of(),
                Map.of(),
                region,
                image,
                null,
                CodeCheck.NONE);
    }

    /** The same as another version. */
    public DeployedFunction at(String otherVersion) {
        return new DeployedFunction(
                config, otherVersion, codeDirectory, layerDirectories, runtimeMounts, region, image, snapshot, check);
    }

    /** The same, whose environments go on from this. */
    public DeployedFunction restoredFrom(Snapshot other) {
        return new DeployedFunction(
                config, version, codeDirectory, layerDirectories, runtimeMounts, region, image, other, check);
    }

    /** The same, whose code is checked before each environment. */
    public DeployedFunction checkedBy(CodeCheck other) {
        return new DeployedFunction(
                config, version, codeDirectory, layerDirectories, runtimeMounts, region, image, snapshot, other);
    }

    /** What the sandbox runs, with the function's settings over the image's; null for a package. */
    @Nullable
    ImageProcess imageProcess() {
        ImageConfig own = config.image();
        if (image == null || own == null) {
            return null;
        }
        return new ImageProcess(
                Objects.requireNonNullElse(own.entryPoint(), image.entryPoint()),
                Objects.requireNonNullElse(own.command(), image.command()),
                Objects.requireNonNullElse(own.workingDirectory(), image.workingDirectory()));
    }
}
