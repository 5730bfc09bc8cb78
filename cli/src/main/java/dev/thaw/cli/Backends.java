package dev.thaw.cli;

import dev.thaw.sandbox.SandboxBackend;
import dev.thaw.sandbox.microvm.MicroVmBackend;
import dev.thaw.sandbox.microvm.images.GuestImages;
import dev.thaw.sandbox.process.ProcessBackend;
import java.time.Clock;
import org.agrona.concurrent.SystemNanoClock;

/** The backend that the user asked for, and where its functions' runtimes come from. */
record Backends(SandboxBackend sandboxes, FunctionRuntimes runtimes) implements AutoCloseable {
    static Backends open(ServerOptions options) {
        return switch (options.backend) {
            case "auto", "process" -> {
                ProcessBackend processes = new ProcessBackend(options.backendConfig());
                yield new Backends(processes, new HostRuntimes(processes.isolation()));
            }
            case "microvm" -> {
                GuestImages images = ImagesCommand.open();
                yield new Backends(
                        new MicroVmBackend(
                                options.microVmConfig(), images, Clock.systemUTC(), SystemNanoClock.INSTANCE::nanoTime),
                        new GuestRuntimes(images));
            }
            default -> throw new WrongUse("--backend: '" + options.backend + "', must be auto, process or microvm");
        };
    }

    @Override
    public void close() {
        sandboxes.close();
    }
}
