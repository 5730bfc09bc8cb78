package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The commit that this code was built from: the resource {@code dev/thaw/build-commit} where the build left one, else
 * what git says of the folder that the code was loaded from, else {@code unknown}.
 */
final class BuildCommit {
    static final String UNKNOWN = "unknown";
    private static final long GIT_TIMEOUT_S = 5;

    private BuildCommit() {}

    static String find() {
        String resource = fromResource();
        if (resource != null) {
            return resource;
        }
        Path folder = codeFolder();
        String commit = folder == null ? null : git(folder, "rev-parse", "--verify", "HEAD");
        if (folder == null || commit == null) {
            return UNKNOWN;
        }
        String changes = git(folder, "status", "--porcelain", "--untracked-files=no");
        return commit + (changes == null || changes.isEmpty() ? "" : "+changes");
    }

    private static @Nullable String fromResource() {
        try (InputStream in = BuildCommit.class.getResourceAsStream("/dev/thaw/build-commit")) {
            return in == null ? null : new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Path codeFolder() {
        try {
            var source = BuildCommit.class.getProtectionDomain().getCodeSource();
            if (source == null) {
                return null;
            }
            Path place = Path.of(source.getLocation().toURI());
            return Files.isDirectory(place) ? place : place.getParent();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Null where there is no git, no repository, or no answer in time. */
    private static @Nullable String git(Path folder, String... arguments) {
        try {
            String[] command = new String[arguments.length + 3];
            command[0] = "git";
            command[1] = "-C";
            command[2] = folder.toString();
            System.arraycopy(arguments, 0, command, 3, arguments.length);
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(GIT_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.exitValue() == 0 ? text : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
