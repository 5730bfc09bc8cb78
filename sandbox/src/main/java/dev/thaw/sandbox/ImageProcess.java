package dev.thaw.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What runs in a sandbox whose root is a container image (contract.md section 11).
 *
 * @param entryPoint {@code ENTRYPOINT}, or what takes its place; may be empty
 * @param command {@code CMD}, or what takes its place: the words behind the entry point
 * @param workingDirectory where it is started
 */
public record ImageProcess(List<String> entryPoint, List<String> command, String workingDirectory) {
    public ImageProcess {
        entryPoint = List.copyOf(entryPoint);
        command = List.copyOf(command);
    }

    /** The program and its arguments. */
    public List<String> words() {
        List<String> words = new ArrayList<>(entryPoint);
        words.addAll(command);
        return words;
    }
}
