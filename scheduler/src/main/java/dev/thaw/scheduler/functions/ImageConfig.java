package dev.thaw.scheduler.functions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function of a container image has instead of the image's own settings; null keeps the image's (contract.md
 * section 11).
 *
 * @param entryPoint instead of {@code ENTRYPOINT}
 * @param command instead of {@code CMD}
 * @param workingDirectory instead of {@code WORKDIR}
 */
public record ImageConfig(
        @Nullable List<String> entryPoint,
        @Nullable List<String> command,
        @Nullable String workingDirectory) {
    /** Everything as the image says. */
    public static final ImageConfig NONE = new ImageConfig(null, null, null);

    public ImageConfig {
        entryPoint = entryPoint == null ? null : List.copyOf(entryPoint);
        command = command == null ? null : List.copyOf(command);
    }
}
