package dev.thaw.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox is built from.
 *
 * @param name unique among live sandboxes, {@code [a-zA-Z0-9_-]{1,64}}; names its control groups
 * @param architecture what the code is built for; emulated where it is not the host's
 * @param codeDirectory the unpacked deployment package, mounted read-only at {@code /var/task}
 * @param layerDirectories unpacked layers, merged in order at {@code /opt}; empty for none
 * @param runtimeMounts folders of a managed runtime by the path that each is mounted at, read-only: its client at
 *     {@link #RUNTIME_DIRECTORY}, whose {@code bootstrap} is what runs then, its language at {@link #LANGUAGE_DIRECTORY};
 *     empty where the package brings its own runtime
 * @param memoryMib memory limit; also buys CPU, {@code memoryMib / 1769} of a vCPU
 * @param tmpMib size of the private {@code /tmp}
 * @param environment variables of the runtime, complete (nothing is inherited)
 * @param image what runs where {@code codeDirectory} is the root of a container image, mounted read-only at {@code /}; or
 *     null
 * @param snapshot folder of a snapshot ({@link Sandbox#snapshot}) of a sandbox that differed in nothing but its name,
 *     to go on from; or null
 * @param check asked before it is built
 */
public record SandboxSpec(
        String name,
        Architecture architecture,
        Path codeDirectory,
        List<Path> layerDirectories,
        Map<String, Path> runtimeMounts,
        int memoryMib,
        int tmpMib,
        Map<String, String> environment,
        @Nullable ImageProcess image,
        @Nullable Path snapshot,
        CodeCheck check) {
    /** Where a managed runtime's client is mounted. */
    public static final String RUNTIME_DIRECTORY = "/var/runtime";

    /** Where the language that a managed runtime is for is mounted. */
    public static final String LANGUAGE_DIRECTORY = "/var/lang";

    /** What microVMs have as their root: a file system image instead of a folder. */
    public static final String ROOT_DIRECTORY = "/";

    public SandboxSpec {
        layerDirectories = List.copyOf(layerDirectories);
        runtimeMounts = Map.copyOf(runtimeMounts);
        environment = Map.copyOf(environment);
    }

    /** A sandbox of a deployment package. */
    public SandboxSpec(
            String name,
            Architecture architecture,
            Path codeDirectory,
            List<Path> layerDirectories,
            Map<String, Path> runtimeMounts,
            int memoryMib,
            int tmpMib,
            Map<String, String> environment) {
        this(name, architecture, codeDirectory, layerDirectories, runtimeMounts, memoryMib, tmpMib, environment, null);
    }

    /** A sandbox that starts its processes. */
    public SandboxSpec(
            String name,
            Architecture architecture,
            Path codeDirectory,
            List<Path> layerDirectories,
            Map<String, Path> runtimeMounts,
            int memoryMib,
            int tmpMib,
            Map<String, String> environment,
            @Nullable ImageProcess image) {
        this(
                name,
                architecture,
                codeDirectory,
                layerDirectories,
                runtimeMounts,
                memoryMib,
                tmpMib,
                environment,
                image,
                null,
                CodeCheck.NONE);
    }

    /** The same, gone on from a snapshot. It is never reset. */
    public SandboxSpec restoredFrom(Path folder) {
        return with(folder, check);
    }

    /** The same, whose code is checked before. */
    public SandboxSpec checkedBy(CodeCheck other) {
        return with(snapshot, other);
    }

    private SandboxSpec with(@Nullable Path otherSnapshot, CodeCheck otherCheck) {
        return new SandboxSpec(
                name,
                architecture,
                codeDirectory,
                layerDirectories,
                runtimeMounts,
                memoryMib,
                tmpMib,
                environment,
                image,
                otherSnapshot,
                otherCheck);
    }
}
