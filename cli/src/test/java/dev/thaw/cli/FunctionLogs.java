package dev.thaw.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The functions' logs below a folder, read while they are written. */
record FunctionLogs(Path directory) {
    private static final long BOUND_SEC = 60;

    /** Everything that a function's environments have logged so far. */
    String text(String function) {
        Path folder = directory.resolve(function);
        if (!Files.isDirectory(folder)) {
            return "";
        }
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder text = new StringBuilder();
            for (Path file : files.toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that it has logged, once that is as wanted: looked at again whenever the kernel tells of a write. */
    String await(String function, String what, Predicate<String> wanted) {
        try (WatchService writes = FileSystems.getDefault().newWatchService()) {
            while (true) {
                watch(directory, writes);
                watch(directory.resolve(function), writes);
                String text = text(function);
                if (wanted.test(text)) {
                    return text;
                }
                WatchKey key = writes.poll(BOUND_SEC, TimeUnit.SECONDS);
                if (key == null) {
                    throw new AssertionError("for 60 s not " + what + " in the log of " + function + ":\n" + text);
                }
                key.pollEvents();
                key.reset();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Twice is once. */
    private static void watch(Path folder, WatchService writes) throws IOException {
        if (Files.isDirectory(folder)) {
            WatchKey _ =
                    folder.register(writes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        }
    }
}
