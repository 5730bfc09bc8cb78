package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.TraceProgress;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code thaw trace convert}: a trace in another format. */
@Command(
        name = "convert",
        description = "Write a trace in another format.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceConvertCommand implements Callable<Integer> {
    @Mixin
    private ReadTrace read = new ReadTrace();

    @Mixin
    private WrittenTrace written = new WrittenTrace();

    @Override
    public Integer call() {
        written.check();
        TraceProgress progress = new TraceProgress();
        try (TerminalProgress _ = TerminalProgress.start("trace convert", progress)) {
            written.write(read.open(progress), progress, Map.of());
        }
        return 0;
    }
}
