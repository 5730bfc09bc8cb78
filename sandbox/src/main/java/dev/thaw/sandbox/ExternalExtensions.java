package dev.thaw.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The external extensions of a function: the files directly in {@code /opt/extensions}, merged from its layers, the last
 * layer's first where a name is there twice (contract.md sections 4 and 18). In the order of their names.
 *
 * @param names base names, which they register under
 * @param entries how each is started, in the same order
 */
record ExternalExtensions(List<String> names, List<EntryPoint> entries) {
    /** Variables that belong to the runtime alone (contract.md section 18). */
    static final List<String> HIDDEN_VARIABLES = List.of(
            "_HANDLER",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_XRAY_CONTEXT_MISSING",
            "AWS_XRAY_DAEMON_ADDRESS",
            "_AWS_XRAY_DAEMON_ADDRESS",
            "_AWS_XRAY_DAEMON_PORT",
            "LAMBDA_RUNTIME_DIR",
            "LAMBDA_TASK_ROOT");

    private static final String FOLDER = "extensions";

    ExternalExtensions {
        names = List.copyOf(names);
        entries = List.copyOf(entries);
    }

    static ExternalExtensions resolve(SandboxSpec spec) {
        TreeMap<String, EntryPoint> byName = new TreeMap<>();
        for (Path layer : spec.layerDirectories()) {
            Path folder = layer.resolve(FOLDER);
            if (Files.isDirectory(folder)) {
                addAll(byName, folder, spec.architecture());
            }
        }
        return new ExternalExtensions(List.copyOf(byName.keySet()), List.copyOf(byName.values()));
    }

    private static void addAll(TreeMap<String, EntryPoint> byName, Path folder, Architecture architecture) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                String name = String.valueOf(file.getFileName());
                byName.put(name, EntryPoint.inspect("/opt/" + FOLDER + "/" + name, file, architecture));
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException("extensions of layer " + folder, unreadable);
        }
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    boolean anyForeign() {
        return entries.stream().anyMatch(EntryPoint::foreign);
    }
}
