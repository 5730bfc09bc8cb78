package dev.thaw.sandbox.code;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.sandbox.image.ImageRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The external extensions of a function: the files directly in {@code /opt/extensions}, of its container image, or merged
 * from its layers, the last layer's first where a name is there twice (contract.md sections 4 and 18). In the order of
 * their names.
 *
 * @param names base names, which they register under
 * @param entries how each is started, in the same order
 */
public record ExternalExtensions(List<String> names, List<EntryPoint> entries) {
    /** Variables that belong to the runtime alone (contract.md section 18). */
    public static final List<String> HIDDEN_VARIABLES = List.of(
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
    private static final String INSIDE = "/opt/" + FOLDER;

    public ExternalExtensions {
        names = List.copyOf(names);
        entries = List.copyOf(entries);
    }

    /** Those of an image only where its {@code runtime} can run: no sandbox gets it as a root otherwise. */
    public static ExternalExtensions resolve(SandboxSpec spec, EntryPoint runtime) {
        TreeMap<String, EntryPoint> byName = new TreeMap<>();
        if (spec.image() != null && runtime.runnable()) {
            addOfImage(byName, spec.codeDirectory(), spec.architecture());
        }
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
                byName.put(name, EntryPoint.inspect(INSIDE + "/" + name, file, architecture));
            });
        } catch (IOException unreadable) {
            throw new UncheckedIOException("extensions of layer " + folder, unreadable);
        }
    }

    /** Links lead to other files of the image, whatever is where they lead on this host. */
    private static void addOfImage(TreeMap<String, EntryPoint> byName, Path root, Architecture architecture) {
        Path folder;
        try {
            folder = ImageRoot.follow(root, INSIDE);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("extensions of an image: " + INSIDE, unreadable);
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                String inside = INSIDE + "/" + name;
                if (Files.isRegularFile(ImageRoot.follow(root, inside), LinkOption.NOFOLLOW_LINKS)) {
                    ImageProcess process = new ImageProcess(List.of(inside), List.of(), "/");
                    byName.put(name, ImageEntryPoint.resolve(root, process, architecture));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("extensions of an image: " + INSIDE, unreadable);
        }
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public boolean anyForeign() {
        return entries.stream().anyMatch(EntryPoint::foreign);
    }
}
