package dev.thaw.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Node.js on this host: the unmodified client {@code aws-lambda-ric}, which {@code thaw doctor --install} gets from npm,
 * and a Node.js of the very major version that is asked for.
 */
final class NodeRuntime {
    private static final String CLIENT = "lib/nodejs/aws-lambda-ric/dist/rapid-client.node";
    /** Newer ones have a client of their own, without handlers that call back. */
    private static final int NEWEST = 22;

    private static final int OLDEST = 18;
    private static final int ANSWER_BOUND_SEC = 10;

    private NodeRuntime() {}

    /** {@code name} is {@code nodejs}, the major version, {@code .x}. */
    static ManagedRuntime find(String name) {
        if (!Files.isRegularFile(ManagedRuntime.clients().resolve(CLIENT))) {
            return ManagedRuntime.missing(
                    name, "its client, aws-lambda-ric of npm, is not installed: thaw doctor --install gets it");
        }
        return among(ManagedRuntime.homesOf("node"), name);
    }

    /** The first of these folders whose {@code bin/node} is of the version that is asked for. */
    static ManagedRuntime among(Stream<Path> homes, String name) {
        int major = Integer.parseInt(name.substring("nodejs".length()).replace(".x", ""));
        if (major < OLDEST || major > NEWEST) {
            return ManagedRuntime.missing(name, "its client runs on Node.js " + OLDEST + " to " + NEWEST + " only");
        }
        return homes.map(NodeRuntime::linked)
                .filter(home -> versionOf(home.resolve("bin/node")).startsWith("v" + major + "."))
                .findFirst()
                .map(home -> ManagedRuntime.usable(name, home, "on " + home.resolve("bin/node")))
                .orElseGet(() -> ManagedRuntime.missing(name, "no Node.js " + major + " on the PATH of this host"));
    }

    /** Where the program really lies: the folder that is mounted must hold it. */
    private static Path linked(Path home) {
        try {
            Path real = home.resolve("bin/node").toRealPath();
            return real.endsWith("bin/node") ? real.resolve("../..").normalize() : home;
        } catch (IOException e) {
            return home;
        }
    }

    /** Such as {@code v20.1.0}; empty where the program does not say. */
    private static String versionOf(Path node) {
        try {
            Process process = new ProcessBuilder(node.toString(), "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(ANSWER_BOUND_SEC, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
