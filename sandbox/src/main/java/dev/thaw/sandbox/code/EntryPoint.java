package dev.thaw.sandbox.code;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.ImageProcess;
import dev.thaw.sandbox.LaunchFault;
import dev.thaw.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a sandbox runs: {@code bootstrap} of the managed runtime, where it has one, else of the deployment package, else
 * of the layers, the last one first (contract.md 1.8). Whether it can run is found out here, and told when the sandbox is started.
 *
 * @param path as seen from inside, or empty where there is none
 * @param hostPath as seen from outside, or empty
 * @param foreign an ELF program of the other architecture
 * @param complaint empty, or one line that says why it cannot run
 * @param arguments what follows the path on its command line
 * @param fault what to call it where there is a complaint
 */
public record EntryPoint(
        String path, String hostPath, boolean foreign, String complaint, List<String> arguments, LaunchFault fault) {
    private static final int MACHINE_X86_64 = 62;
    private static final int MACHINE_ARM64 = 183;
    private static final int HEAD_BYTES = 20;

    private EntryPoint(String path, String hostPath, boolean foreign, String complaint) {
        this(path, hostPath, foreign, complaint, List.of(), LaunchFault.NO_BOOTSTRAP);
    }

    public static EntryPoint resolve(SandboxSpec spec) {
        LaunchFault unfit = spec.check().fault();
        if (unfit != null) {
            return new EntryPoint("", "", false, unfit.reason(), List.of(), unfit);
        }
        ImageProcess image = spec.image();
        if (image != null) {
            return ImageEntryPoint.resolve(spec.codeDirectory(), image, spec.architecture());
        }
        Path managed = spec.runtimeMounts().get(SandboxSpec.RUNTIME_DIRECTORY);
        if (managed != null) {
            return inspect(
                    SandboxSpec.RUNTIME_DIRECTORY + "/bootstrap", managed.resolve("bootstrap"), spec.architecture());
        }
        Path inTask = spec.codeDirectory().resolve("bootstrap");
        if (isThere(inTask)) {
            return inspect("/var/task/bootstrap", inTask, spec.architecture());
        }
        for (Path layer : spec.layerDirectories().reversed()) {
            Path inLayer = layer.resolve("bootstrap");
            if (isThere(inLayer)) {
                return inspect("/opt/bootstrap", inLayer, spec.architecture());
            }
        }
        return invalid("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
    }

    /** By stat: {@code Files.exists} asks {@code access(2)}, which ignores the spawning thread's capabilities. */
    private static boolean isThere(Path file) {
        return Files.isRegularFile(file) || Files.isDirectory(file);
    }

    public boolean runnable() {
        return complaint.isEmpty();
    }

    private static EntryPoint invalid(String complaint) {
        return new EntryPoint("", "", false, complaint);
    }

    static EntryPoint inspect(String path, Path file, Architecture architecture) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            boolean executable = mode.contains(PosixFilePermission.OWNER_EXECUTE)
                    || mode.contains(PosixFilePermission.OTHERS_EXECUTE);
            if (!Files.isRegularFile(file) || !executable) {
                return invalid(path + " is not an executable file");
            }
            return byContent(path, file, architecture);
        } catch (IOException unreadable) {
            return invalid(path + " cannot be read: " + unreadable.getMessage());
        }
    }

    private static EntryPoint byContent(String path, Path file, Architecture architecture) throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        int length;
        try (InputStream in = Files.newInputStream(file)) {
            length = in.readNBytes(head, 0, HEAD_BYTES);
        }
        boolean elf = length == HEAD_BYTES && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
        if (!elf) {
            boolean script = length > 2 && head[0] == '#' && head[1] == '!';
            return script
                    ? new EntryPoint(path, file.toString(), false, "")
                    : invalid("exec format error: " + path + " is neither an ELF program nor a script");
        }
        int machine = (head[18] & 0xff) | (head[19] & 0xff) << 8;
        return machine == machine(architecture)
                ? new EntryPoint(path, file.toString(), architecture != Architecture.host(), "")
                : invalid("exec format error: " + path + " is not built for " + architecture.key());
    }

    /** An architecture as ELF numbers it. */
    public static int machine(Architecture architecture) {
        return architecture == Architecture.ARM64 ? MACHINE_ARM64 : MACHINE_X86_64;
    }

    /** The command where code of its architecture runs as it is: the program, or words for the log and exit code 127. */
    public List<String> command() {
        if (!runnable()) {
            return List.of("/bin/sh", "-c", "echo \"$0\"; exit " + ExitStatus.NOT_STARTED, complaint);
        }
        List<String> words = new ArrayList<>();
        words.add(path);
        words.addAll(arguments);
        return words;
    }

    /** The same on this host: with the emulator before it, where it needs one. */
    public List<String> command(List<String> emulator, Architecture architecture) {
        if (!runnable() || !foreign) {
            return command();
        }
        List<String> words = new ArrayList<>(emulator);
        // The real service's arm64 core; for x86_64 everything that the emulator knows.
        words.addAll(List.of("-cpu", architecture == Architecture.ARM64 ? "neoverse-n1" : "max"));
        words.addAll(command());
        return words;
    }
}
