package dev.thaw.sandbox;

import dev.thaw.sandbox.kernel.Epoll;
import dev.thaw.sandbox.kernel.Kernel;
import dev.thaw.sandbox.process.ProcessBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Small functions for tests, and what there is to say about running them. */
public final class Functions {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PATH", "/usr/bin:/bin", "LAMBDA_TASK_ROOT", "/var/task", "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");

    private Functions() {}

    /** Skips the calling test, with a printed line, on a host that cannot isolate fully. */
    public static void requireFullIsolation() {
        try (ProcessBackend backend = new ProcessBackend()) {
            boolean full = backend.isolation().level().equals("full");
            if (!full) {
                System.out.println("skipped: " + backend.isolation().describe());
            }
            Assumptions.assumeTrue(full);
        }
    }

    /** A folder whose {@code bootstrap} is this shell script. */
    public static Path shell(Path parent, String name, String script) {
        return script(parent, name, "#!/bin/sh\n" + script);
    }

    public static Path python(Path parent, String name, String script) {
        return script(parent, name, "#!/usr/bin/python3\n" + script);
    }

    private static Path script(Path parent, String name, String text) {
        try {
            Path folder = Files.createDirectories(parent.resolve(name));
            Path bootstrap = Files.writeString(folder.resolve("bootstrap"), text);
            Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static SandboxSpec spec(String name, Path code) {
        return spec(name, code, 256);
    }

    public static SandboxSpec spec(String name, Path code, int memoryMib) {
        return spec(name, code, memoryMib, Architecture.host());
    }

    public static SandboxSpec spec(String name, Path code, int memoryMib, Architecture architecture) {
        return new SandboxSpec(name, architecture, code, List.of(), Map.of(), memoryMib, 512, ENVIRONMENT);
    }

    /** Reads a sandbox's output until {@code enough} of it is there; fails after 20 s. */
    public static String outputUntil(int fd, java.util.function.Predicate<String> enough) {
        StringBuilder output = new StringBuilder();
        int epoll = Epoll.create();
        Kernel.check(Epoll.add(epoll, fd, 1), "epoll_ctl");
        try {
            while (!enough.test(output.toString())) {
                Epoll.await(epoll);
                String text = Kernel.readText(fd);
                if (text.isEmpty()) {
                    break;
                }
                output.append(text);
            }
            return output.toString();
        } finally {
            Kernel.close(epoll);
        }
    }

    /** All output, once every process that could write is gone. */
    static String wholeOutput(int fd) {
        try {
            return outputUntil(fd, _ -> false);
        } finally {
            Kernel.close(fd);
        }
    }
}
