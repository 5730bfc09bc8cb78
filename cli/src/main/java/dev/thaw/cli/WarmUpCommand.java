package dev.thaw.cli;

import dev.thaw.loadgen.WarmUp;
import java.util.concurrent.Callable;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code thaw warm-up}: loads what the verbs use, once, for the start-up archive that the launcher keeps. */
@Command(name = "warm-up", hidden = true, description = "Load what the verbs use, for the start-up archive.")
final class WarmUpCommand implements Callable<Integer> {
    private static final long GENERATOR_NS = 200_000_000L;

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws Exception {
        DemoCommand.serveExamples(server);
        WarmUp.run(GENERATOR_NS, SystemNanoClock.INSTANCE);
        return 0;
    }
}
