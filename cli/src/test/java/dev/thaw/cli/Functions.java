package dev.thaw.cli;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Configurations of the example functions, and deployment packages of tests' own. */
final class Functions {
    private Functions() {}

    static FunctionConfig echo(String name) {
        return of(name, "x86_64", "echo", 128, 10, FunctionConfig.UNRESERVED, Map.of());
    }

    static FunctionConfig probe(String name, int timeoutSec) {
        return of(name, "x86_64", "probe", 128, timeoutSec, FunctionConfig.UNRESERVED, Map.of());
    }

    /** A probe whose every init does as {@code init} says. */
    static FunctionConfig probe(String name, int timeoutSec, String init) {
        return of(name, "x86_64", "probe", 128, timeoutSec, FunctionConfig.UNRESERVED, Map.of("THAW_INIT", init));
    }

    static FunctionConfig of(String name, String folder, String handler, int memoryMib) {
        return of(name, folder, handler, memoryMib, 20, FunctionConfig.UNRESERVED, Map.of());
    }

    /** An echo that is patient enough for a long line. */
    static FunctionConfig patientEcho(String name) {
        return of(name, "x86_64", "echo", 128, 60, FunctionConfig.UNRESERVED, Map.of());
    }

    static FunctionConfig reserved(String name, int reservedConcurrency) {
        return of(name, "x86_64", "probe", 128, 30, reservedConcurrency, Map.of());
    }

    private static FunctionConfig of(
            String name,
            String folder,
            String handler,
            int memoryMib,
            int timeoutSec,
            int reservedConcurrency,
            Map<String, String> environment) {
        return of(
                name,
                Host.example(folder),
                handler,
                folder.equals("arm64") ? "arm64" : "x86_64",
                memoryMib,
                timeoutSec,
                reservedConcurrency,
                environment);
    }

    /** A function of a package of the test's own. */
    static FunctionConfig of(String name, Path code, Map<String, String> environment) {
        return of(name, code, "probe", "x86_64", 128, 10, FunctionConfig.UNRESERVED, environment);
    }

    private static FunctionConfig of(
            String name,
            Path code,
            String handler,
            String architecture,
            int memoryMib,
            int timeoutSec,
            int reservedConcurrency,
            Map<String, String> environment) {
        return new FunctionConfig(
                name,
                code,
                handler,
                "provided.al2023",
                architecture,
                memoryMib,
                timeoutSec,
                FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB,
                List.of(),
                environment,
                reservedConcurrency);
    }

    /** A package whose {@code bootstrap} is this text, beside the C examples' binary under the name {@code real}. */
    static Path code(Path parent, String name, String bootstrap, String permissions) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(Host.example("x86_64").resolve("bootstrap"), folder.resolve("real"));
        Path file = Files.writeString(folder.resolve("bootstrap"), bootstrap);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return folder;
    }

    /** A package or a layer of one file, which may be run. */
    static Path file(Path parent, String name, String file, String text) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve(file), text), PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    /** A function of 512 MB and 20 s, of any runtime. */
    static FunctionConfig managed(
            String name, String runtime, String handler, Path code, List<Path> layers, Map<String, String> variables) {
        return new FunctionConfig(
                name, code, handler, runtime, "x86_64", 512, 20, 512, layers, variables, FunctionConfig.UNRESERVED);
    }
}
