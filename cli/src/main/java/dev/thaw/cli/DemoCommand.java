package dev.thaw.cli;

import dev.thaw.loadgen.trace.SynthesisOptions;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceSynthesizer;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.SamTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code thaw demo}: the main job in one command. */
@Command(
        name = "demo",
        description = "Serve the examples, replay a generated one-minute trace, name the report.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run = new RunOptions();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        serveExamples(server);
        Trace trace = TraceSynthesizer.synthesize(SynthesisOptions.demo(run.seed));
        System.out.printf(
                "replaying one minute of a generated trace: %d functions, %d invocations, seed %d%n",
                trace.functions().size(), trace.summary().invocations(), run.seed);
        return new TraceReplay(trace, run, server).run("replay", run.name == null ? "demo" : run.name, null);
    }

    /** Invokes each example that this host has built and shows what it answers. */
    static void serveExamples(ServerOptions server) throws IOException, InterruptedException {
        List<FunctionConfig> built = new ArrayList<>();
        for (FunctionConfig function : SamTemplate.read(Installation.root().resolve("examples/template.yaml"))) {
            if (Files.isExecutable(function.codeUri().resolve("bootstrap"))) {
                built.add(function);
            }
        }
        try (ThawServer thaw = ThawServer.start(server, built, new FrontEndConfig("127.0.0.1", 0))) {
            System.out.println("isolation: " + thaw.isolation().describe());
            for (DemoEvent event : DemoEvent.ALL) {
                if (built.stream().anyMatch(function -> function.name().equals(event.function()))) {
                    System.out.println(event.invoke(thaw.url()));
                }
            }
        }
    }
}
