package dev.thaw.sandbox.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An image that lies unpacked on this host, and what it says of how to run it.
 *
 * @param digest of the manifest, or of the configuration where there is no manifest: 64 hexadecimal digits
 * @param root the unpacked layers
 * @param entryPoint {@code ENTRYPOINT}; empty for none
 * @param command {@code CMD}; empty for none
 * @param workingDirectory {@code WORKDIR}; {@code /} where the image names none
 * @param environment {@code ENV}
 */
public record ContainerImage(
        String digest,
        Path root,
        List<String> entryPoint,
        List<String> command,
        String workingDirectory,
        Map<String, String> environment) {
    public ContainerImage {
        entryPoint = List.copyOf(entryPoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
