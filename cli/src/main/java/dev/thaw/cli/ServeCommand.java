package dev.thaw.cli;

import dev.thaw.results.RunPlan;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import dev.thaw.scheduler.functions.RootFolder;
import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thaw serve}: serves a template's functions until it is told to end. */
@Command(name = "serve", description = "Serve functions.", mixinStandardHelpOptions = true, sortOptions = false)
final class ServeCommand implements Callable<Integer> {
    /** Port of {@code thaw serve}, and where {@code thaw invoke} and {@code thaw load} look for it. */
    static final int DEFAULT_PORT = 9001;

    static final URI DEFAULT_URL = URI.create("http://127.0.0.1:" + DEFAULT_PORT);

    @Option(
            names = {"-t", "--template"},
            paramLabel = "FILE",
            description = "SAM template (default: the examples).")
    private @Nullable Path template;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = FrontEndConfig.DEFAULT_HOST;

    @Option(names = "--port", paramLabel = "N", description = "Port, 0 for any (default: ${DEFAULT-VALUE}).")
    private int port = DEFAULT_PORT;

    @Option(
            names = "--auth",
            paramLabel = "FILE",
            description = "Let in only requests that are signed by a key of this file.")
    private @Nullable Path keyFile;

    @Option(
            names = "--bind-without-auth",
            description = "Listen beyond this machine although everybody there may do everything.")
    private boolean bindWithoutAuth;

    @Option(names = "--no-live-page", description = "Serve no live page at /_thaw/live.")
    private boolean noLivePage;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where state lies that survives a restart (default: .thaw/state).")
    private @Nullable Path state;

    @Option(
            names = "--autoscale",
            paramLabel = AutoScaleRule.SYNTAX,
            converter = AutoScaleRule.Converter.class,
            description = {
                "Provision concurrency for a function, again for more: within bounds, from midnight UTC or a time on,",
                "and so that a share TARGET of it is in use, such as echo=1..10@0.7,08:00=5..10."
            })
    private List<AutoScaleRule> autoScale = new ArrayList<>();

    @Option(names = "--state-recover", description = "Set a state that cannot be opened aside, and begin a new one.")
    private boolean stateRecover;

    @Option(
            names = "--bucket-root",
            paramLabel = "DIR",
            description = "Instead of S3: DIR/BUCKET/KEY is the package that S3Bucket and S3Key name.")
    private @Nullable Path bucketRoot;

    @Option(
            names = "--image-root",
            paramLabel = "DIR",
            description = "Folder in which images may lie that ImageUri names (default: any; with --auth none).")
    private @Nullable Path imageRoot;

    @Mixin
    private EventOptions eventOptions = new EventOptions();

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = template == null ? Installation.root().resolve("examples/template.yaml") : template;
        if (options.scaling == null) {
            options.scaling = ServerOptions.FUNCTION_SCALING;
        }
        Path stateDirectory = state == null ? Installation.root().resolve(".thaw/state") : state;
        List<TemplateFunction> functions = SamTemplate.readAll(file);
        ServedAccess access = ServedAccess.of(keyFile);
        access.checkBinding(host, bindWithoutAuth);
        ThawServer server = ThawServer.start(
                options,
                functions,
                new FrontEndConfig(host, port, !noLivePage),
                new ServedEvents(eventOptions, options.faultSeed, stateDirectory),
                new ServedState(stateDirectory, bucketRoot, images(), eventOptions.targets(), stateRecover),
                access);
        AutoScaling autoScaling = startOrClose(server, functions);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("thaw-shutdown").unstarted(() -> {
                    autoScaling.close();
                    server.close();
                    ended.countDown();
                }));
        System.out.println("isolation: " + server.isolation().describe());
        if (!options.faults.isEmpty()) {
            System.out.println("faults: " + options.describe().get(RunPlan.FAULTS_KEY) + ", seed " + options.faultSeed);
        }
        System.out.println("listening on " + server.url());
        System.out.flush();
        ended.await();
        return 0;
    }

    /** Without keys, whoever asks is this machine's user. */
    private RootFolder images() {
        if (imageRoot != null) {
            return RootFolder.of(imageRoot);
        }
        return keyFile == null ? RootFolder.EVERYWHERE : RootFolder.NONE;
    }

    private AutoScaling startOrClose(ThawServer server, List<TemplateFunction> functions) {
        try {
            server.apply(functions, bucketRoot).forEach(note -> System.err.println("thaw: " + note));
            return new AutoScaling(autoScale, server.deployments(), server::provision, SystemEpochClock.INSTANCE)
                    .start();
        } catch (WrongUse | TemplateException wrong) {
            server.close();
            throw wrong;
        }
    }
}
