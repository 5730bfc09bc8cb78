package dev.thaw.sandbox.code;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.LaunchFault;
import dev.thaw.sandbox.image.ImageRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether a container image's process can run, as the kernel would: entry point, its interpreter or loader, its
 * machine, the working directory. A relative entry point is refused (contract.md section 11); a symbolic link is followed
 * inside the image, because the service's own base images and many others have one (docs/specification.md).
 */
final class ImageEntryPoint {
    private static final int FIRST_LINE_BYTES_MAX = 256;

    private final Path root;
    private final ImageProcess process;
    private final Architecture architecture;

    private ImageEntryPoint(Path root, ImageProcess process, Architecture architecture) {
        this.root = root;
        this.process = process;
        this.architecture = architecture;
    }

    static EntryPoint resolve(Path root, ImageProcess process, Architecture architecture) {
        return new ImageEntryPoint(root, process, architecture).resolve();
    }

    private EntryPoint resolve() {
        List<String> words = process.words();
        if (words.isEmpty()) {
            return invalid(LaunchFault.entryPoint("the image has neither ENTRYPOINT nor CMD"));
        }
        String program = words.getFirst();
        try {
            String directory = process.workingDirectory();
            if (!directory.startsWith("/") || !Files.isDirectory(ImageRoot.follow(root, directory))) {
                return invalid(LaunchFault.workingDirectory("chdir " + directory + ": "
                        + (directory.startsWith("/") ? "no such file or directory" : "must be an absolute path")));
            }
            return byFile(program, words.subList(1, words.size()));
        } catch (IOException unreadable) {
            return refused(program, "cannot be read");
        }
    }

    private EntryPoint byFile(String program, List<String> arguments) throws IOException {
        if (!program.startsWith("/")) {
            return refused(program, "must be an absolute path");
        }
        Path file = ImageRoot.follow(root, program);
        String problem = problemOf(file);
        if (!problem.isEmpty()) {
            return refused(program, problem);
        }
        ElfHeader header = ElfHeader.read(file);
        return header == null ? byScript(program, file, arguments) : byProgram(program, program, header, arguments);
    }

    /** As the sandbox's user, who owns nothing in an image. */
    private static String problemOf(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "no such file or directory";
        }
        boolean executable = Files.isRegularFile(file)
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_EXECUTE);
        return executable ? "" : "permission denied";
    }

    private EntryPoint byProgram(String named, String path, ElfHeader header, List<String> arguments)
            throws IOException {
        if (header.machine() != EntryPoint.machine(architecture)) {
            return refused(named, "exec format error");
        }
        String loader = header.interpreter();
        if (!loader.isEmpty() && !Files.isRegularFile(ImageRoot.follow(root, loader))) {
            return refused(named, "no such file or directory (its loader " + loader + ")");
        }
        return new EntryPoint(path, "", architecture != Architecture.host(), "", arguments, LaunchFault.NO_BOOTSTRAP);
    }

    /** The kernel starts a script's interpreter, which an emulator must be told by name. */
    private EntryPoint byScript(String program, Path file, List<String> arguments) throws IOException {
        String line = firstLine(file);
        if (!line.startsWith("#!")) {
            return refused(program, "exec format error");
        }
        String[] interpreter = line.substring(2).strip().split("[ \t]+", 2);
        Path found = ImageRoot.follow(root, interpreter[0]);
        String problem = problemOf(found);
        if (!problem.isEmpty()) {
            return refused(program, problem + " (its interpreter " + interpreter[0] + ")");
        }
        ElfHeader header = ElfHeader.read(found);
        if (header == null) {
            return refused(program, "exec format error");
        }
        List<String> all = new ArrayList<>(List.of(interpreter).subList(1, interpreter.length));
        all.add(program);
        all.addAll(arguments);
        return byProgram(program, interpreter[0], header, all);
    }

    private static String firstLine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(FIRST_LINE_BYTES_MAX), StandardCharsets.UTF_8);
            int end = head.indexOf('\n');
            return end < 0 ? head : head.substring(0, end);
        }
    }

    private EntryPoint refused(String program, String problem) {
        return invalid(LaunchFault.entryPoint("fork/exec " + program + ": " + problem));
    }

    /** The line that the real service logs for images. */
    private EntryPoint invalid(LaunchFault fault) {
        String line = "IMAGE\tLaunch error: " + fault.reason() + "\tEntrypoint: " + process.entryPoint() + "\tCmd: "
                + process.command() + "\tWorkingDir: [" + process.workingDirectory() + "]";
        return new EntryPoint("", "", false, line, List.of(), fault);
    }
}
