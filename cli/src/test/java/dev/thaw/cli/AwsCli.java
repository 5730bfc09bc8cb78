package dev.thaw.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Debian's {@code aws} in a folder of its own: command lines as documents have them, led to a server by the endpoint alone. */
final class AwsCli {
    static final Path PROGRAM = Path.of("/usr/bin/aws");

    private static final long LIMIT_SEC = 60;
    private static final int EXECUTABLE = 0100755;

    private final Path folder;

    AwsCli(Path folder, String endpoint) throws IOException {
        this.folder = folder;
        Path bin = Files.createDirectories(folder.resolve("bin"));
        script(bin.resolve("aws"), "#!/bin/sh\nexec " + PROGRAM + " --endpoint-url " + endpoint + " \"$@\"\n");
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs command lines as a shell does; what they print, error output too. */
    String run(String commands) {
        try {
            return start(commands);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(commands, e);
        }
    }

    private String start(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", commands).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
        environment.put("HOME", folder.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("AWS_ACCESS_KEY_ID", "id");
        environment.put("AWS_SECRET_ACCESS_KEY", "secret");
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("AWS_PAGER", "");
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SEC, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after " + LIMIT_SEC + " s: " + commands);
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** What a command wrote to a file of the folder. */
    String file(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }

    /** A zip of these files, each of which may be run. */
    void zip(String name, Map<String, String> files) throws IOException {
        Files.write(folder.resolve(name), zipped(files));
    }

    static byte[] zipped(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setUnixMode(EXECUTABLE);
                zip.putArchiveEntry(entry);
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
