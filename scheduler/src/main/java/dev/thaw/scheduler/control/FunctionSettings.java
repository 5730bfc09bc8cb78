package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.ImageConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a function's owner has configured, as the management API has it (contract.md section 1): of {@code $LATEST}, or
 * of a published version, which never changes.
 *
 * @param handler empty for an image
 * @param runtime empty for an image
 * @param environment null where none was ever given, which shows in answers
 * @param image null for a zip, and for an image that is used as it says itself
 * @param deadLetterTarget ARN or URL, or empty
 * @param kmsKeyArn shown, without effect; may be empty
 * @param snapStart {@code None} or {@code PublishedVersions}: these go on from a snapshot
 */
record FunctionSettings(
        String packageType,
        String role,
        String handler,
        String runtime,
        String description,
        int timeoutSec,
        int memoryMib,
        int ephemeralStorageMib,
        String architecture,
        @Nullable Map<String, String> environment,
        List<LayerUse> layers,
        @Nullable ImageConfig image,
        String deadLetterTarget,
        String kmsKeyArn,
        String tracingMode,
        String snapStart,
        LoggingSettings logging) {
    static final String ZIP = "Zip";
    static final String IMAGE = "Image";
    static final String PUBLISHED_VERSIONS = "PublishedVersions";

    FunctionSettings {
        environment = environment == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        layers = List.copyOf(layers);
    }

    /** What a new function has that asks for nothing (contract.md section 1.1). */
    static FunctionSettings defaults(String functionName) {
        return new FunctionSettings(
                ZIP,
                "",
                "",
                "",
                "",
                FunctionConfig.DEFAULT_TIMEOUT_SEC,
                FunctionConfig.DEFAULT_MEMORY_MIB,
                FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB,
                FunctionConfig.DEFAULT_ARCHITECTURE,
                null,
                List.of(),
                null,
                "",
                "",
                "PassThrough",
                "None",
                LoggingSettings.of(functionName));
    }

    /** Published versions go on from a snapshot of an initialised environment. */
    boolean snapStarts() {
        return snapStart.equals(PUBLISHED_VERSIONS);
    }

    boolean isImage() {
        return packageType.equals(IMAGE);
    }

    FunctionSettings withPackageType(String other) {
        return with(other, description, architecture, layers);
    }

    FunctionSettings withDescription(String other) {
        return with(packageType, other, architecture, layers);
    }

    FunctionSettings withArchitecture(String other) {
        return with(packageType, description, other, layers);
    }

    FunctionSettings withLayers(List<LayerUse> other) {
        return with(packageType, description, architecture, other);
    }

    private FunctionSettings with(
            String newPackageType, String newDescription, String newArchitecture, List<LayerUse> newLayers) {
        return new FunctionSettings(
                newPackageType,
                role,
                handler,
                runtime,
                newDescription,
                timeoutSec,
                memoryMib,
                ephemeralStorageMib,
                newArchitecture,
                environment,
                newLayers,
                image,
                deadLetterTarget,
                kmsKeyArn,
                tracingMode,
                snapStart,
                logging);
    }
}
