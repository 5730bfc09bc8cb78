package dev.thaw.cli;

import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.process.ProcessBackend;

/** Opens the backend that the user asked for. */
final class Backends {
    private Backends() {}

    static SandboxBackend open(ServerOptions options) {
        return switch (options.backend) {
            case "auto", "process" -> new ProcessBackend(options.backendConfig());
            case "microvm" -> throw new WrongUse("--backend: microvm is not there yet, must be auto or process");
            default -> throw new WrongUse("--backend: '" + options.backend + "', must be auto or process");
        };
    }
}
