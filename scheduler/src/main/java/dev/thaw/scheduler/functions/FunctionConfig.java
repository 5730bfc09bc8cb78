package dev.thaw.scheduler.functions;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A function as its owner configured it, validated (contract.md section 1).
 *
 * @param name 1..64 of {@code [a-zA-Z0-9-_]}
 * @param codeUri deployment package: a folder or a zip; of an image function the image: an OCI image layout, as a folder
 *     or a tar, or what {@code docker save} wrote
 * @param handler at most 128 characters without white space; empty for an image function
 * @param runtime identifier such as {@code provided.al2023}; empty for an image function
 * @param architecture {@code x86_64} or {@code arm64}
 * @param memoryMib 128..10240
 * @param timeoutSec 1..900
 * @param ephemeralStorageMib 512..10240
 * @param layers folders or zips, at most five, in order
 * @param environment variables; keys {@code [A-Za-z][A-Za-z0-9_]+}, none reserved, at most 4 KB in all
 * @param reservedConcurrency 0 or more, or -1 for none
 * @param image what an image function has instead of the image's own settings; null for a function of a package
 * @param logging how its log is written
 */
public record FunctionConfig(
        String name,
        Path codeUri,
        String handler,
        String runtime,
        String architecture,
        int memoryMib,
        int timeoutSec,
        int ephemeralStorageMib,
        List<Path> layers,
        Map<String, String> environment,
        int reservedConcurrency,
        @Nullable ImageConfig image,
        LoggingConfig logging) {
    public static final int DEFAULT_MEMORY_MIB = 128;
    public static final int DEFAULT_TIMEOUT_SEC = 3;
    public static final int DEFAULT_EPHEMERAL_STORAGE_MIB = 512;
    public static final String DEFAULT_ARCHITECTURE = "x86_64";

    /** Environment variables that the platform sets, never the owner (contract.md section 1.5). */
    public static final Set<String> RESERVED_VARIABLES = FunctionRules.RESERVED;

    /** No concurrency is reserved. */
    public static final int UNRESERVED = -1;

    private static final Path NO_CODE = Path.of("");

    public FunctionConfig {
        require("name", name, FunctionRules.name(name));
        if (image == null) {
            require("handler", handler, FunctionRules.handler(handler));
            require("runtime", runtime, FunctionRules.runtime(runtime));
        } else {
            require("handler", handler, FunctionRules.notOfImages(!handler.isEmpty()));
            require("runtime", runtime, FunctionRules.notOfImages(!runtime.isEmpty()));
            require("layers", layers.size(), FunctionRules.notOfImages(!layers.isEmpty()));
        }
        require("architecture", architecture, FunctionRules.architecture(architecture));
        require("memoryMib", memoryMib, FunctionRules.memoryMib(memoryMib));
        require("timeoutSec", timeoutSec, FunctionRules.timeoutSec(timeoutSec));
        require("ephemeralStorageMib", ephemeralStorageMib, FunctionRules.ephemeralStorageMib(ephemeralStorageMib));
        if (reservedConcurrency != UNRESERVED) {
            require("reservedConcurrency", reservedConcurrency, FunctionRules.reservedConcurrency(reservedConcurrency));
        }
        layers = List.copyOf(layers);
        require("layers", layers.size(), FunctionRules.layerCount(layers.size()));
        environment = Map.copyOf(environment);
        for (String key : environment.keySet()) {
            require("environment", key, FunctionRules.environmentKey(key));
        }
        require("environment", environment.keySet(), FunctionRules.environmentValues(environment.values()));
        long environmentBytes = FunctionRules.bytesOf(environment);
        require("environment", environmentBytes, FunctionRules.environmentBytes(environmentBytes));
    }

    /** A function of a deployment package. */
    public FunctionConfig(
            String name,
            Path codeUri,
            String handler,
            String runtime,
            String architecture,
            int memoryMib,
            int timeoutSec,
            int ephemeralStorageMib,
            List<Path> layers,
            Map<String, String> environment,
            int reservedConcurrency) {
        this(
                name,
                codeUri,
                handler,
                runtime,
                architecture,
                memoryMib,
                timeoutSec,
                ephemeralStorageMib,
                layers,
                environment,
                reservedConcurrency,
                null);
    }

    /** A function whose log is written as ever. */
    public FunctionConfig(
            String name,
            Path codeUri,
            String handler,
            String runtime,
            String architecture,
            int memoryMib,
            int timeoutSec,
            int ephemeralStorageMib,
            List<Path> layers,
            Map<String, String> environment,
            int reservedConcurrency,
            @Nullable ImageConfig image) {
        this(
                name,
                codeUri,
                handler,
                runtime,
                architecture,
                memoryMib,
                timeoutSec,
                ephemeralStorageMib,
                layers,
                environment,
                reservedConcurrency,
                image,
                LoggingConfig.DEFAULT);
    }

    /** The same, but for how its log is written. */
    public FunctionConfig withLogging(LoggingConfig other) {
        return new FunctionConfig(
                name,
                codeUri,
                handler,
                runtime,
                architecture,
                memoryMib,
                timeoutSec,
                ephemeralStorageMib,
                layers,
                environment,
                reservedConcurrency,
                image,
                other);
    }

    /** What is said of a function that is gone: name, architecture and limits. */
    FunctionConfig withoutCode() {
        return new FunctionConfig(
                name,
                NO_CODE,
                image == null ? "gone" : "",
                image == null ? runtime : "",
                architecture,
                memoryMib,
                timeoutSec,
                ephemeralStorageMib,
                List.of(),
                Map.of(),
                reservedConcurrency,
                image == null ? null : ImageConfig.NONE);
    }

    /** The function's timeout in ns. */
    public long timeoutNs() {
        return timeoutSec * 1_000_000_000L;
    }

    static void require(String key, Object value, @Nullable String broken) {
        if (broken != null) {
            throw new IllegalArgumentException(key + ": " + value + ", " + broken);
        }
    }
}
