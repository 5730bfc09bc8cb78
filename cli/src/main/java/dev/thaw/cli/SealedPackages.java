package dev.thaw.cli;

import dev.thaw.sandbox.CodeCheck;
import dev.thaw.sandbox.LaunchFault;
import dev.thaw.scheduler.control.code.PackageSeal;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Packages of the control plane's store, which nobody may have altered since they were unpacked. A folder that is served
 * as it lies has no seal: it may change.
 */
record SealedPackages(List<Path> folders) implements CodeCheck {
    static CodeCheck of(Path code, List<Path> layers) {
        List<Path> sealed = Stream.concat(Stream.of(code), layers.stream())
                .filter(PackageSeal::isOn)
                .toList();
        return sealed.isEmpty() ? NONE : new SealedPackages(sealed);
    }

    @Override
    public @Nullable LaunchFault fault() {
        for (Path folder : folders) {
            String problem = PackageSeal.problemOf(folder);
            if (problem != null) {
                return new LaunchFault(
                        "Runtime.InvalidTaskConfig",
                        "The package that was uploaded is not what lies on this server: " + problem
                                + ". Upload it again");
            }
        }
        return null;
    }
}
