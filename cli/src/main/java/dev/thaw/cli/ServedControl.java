package dev.thaw.cli;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.control.ControlPlane;
import dev.thaw.scheduler.control.ControlState;
import dev.thaw.scheduler.control.ControlThread;
import dev.thaw.scheduler.control.Deployments;
import dev.thaw.scheduler.control.EventSourceOperations;
import dev.thaw.scheduler.control.FunctionUrlOperations;
import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.PermissionOperations;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.TemplateOperations;
import dev.thaw.scheduler.control.TemplateTriggers;
import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.control.state.FullDisk;
import dev.thaw.scheduler.control.state.StateFolder;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.frontend.Management;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The control plane of a server: its state in a folder, its operations on their thread.
 *
 * <p>Threading: opened and closed by one thread; {@link #management} is safe on any.
 */
final class ServedControl implements AutoCloseable {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final int LOCATION_SEC = 600;

    private final StateStore store;
    private final CodeStore code;
    private final ControlState state;
    private final ControlPlane plane;

    private ServedControl(StateStore store, CodeStore code, ControlState state, ControlPlane plane) {
        this.store = store;
        this.code = code;
        this.state = state;
        this.plane = plane;
    }

    /**
     * Opens the state, brings a template's functions into it, and brings to run what an earlier server has left.
     *
     * @param sources read once their functions are there; the caller closes them
     * @param url of this server; asked once it listens
     */
    static ServedControl open(
            ServedState served,
            List<TemplateFunction> template,
            Deployments deployments,
            EventSources sources,
            int accountConcurrency,
            ServedAccess access,
            Supplier<String> url,
            EpochClock clock,
            ErrorHandler others)
            throws IOException {
        StateStore store = open(served, clock);
        ErrorHandler errorHandler = new FullDisk(served.directory(), clock, ServedEvents::report, others);
        ControlThread thread = new ControlThread(ControlThread.DEFAULT_QUEUE_LENGTH, errorHandler);
        try {
            CodeStore code = new CodeStore(served.directory().resolve(StateFolder.CODE));
            ControlState state = new ControlState(new ControlState.Ports(
                    store,
                    code,
                    served.bucketRoot() == null
                            ? null
                            : served.bucketRoot().toAbsolutePath().normalize(),
                    served.images(),
                    served.targets(),
                    deployments,
                    thread,
                    sha -> locationOf(access, url.get(), sha),
                    accountConcurrency,
                    clock,
                    errorHandler));
            PermissionOperations permissions = new PermissionOperations(
                    state.catalog(), store, () -> UUID.randomUUID().toString());
            FunctionUrlOperations urls = new FunctionUrlOperations(
                    state.catalog(), store, id -> addressOf(url.get(), id), ServedControl::newUrlId, clock);
            EventSourceOperations mappings = new EventSourceOperations(
                    state.catalog(),
                    store,
                    state.transaction(),
                    sources,
                    () -> UUID.randomUUID().toString(),
                    clock);
            permissions.publishTo(access.policies());
            urls.publishTo(access.access().urls());
            start(state, thread, template);
            mappings.resume();
            return new ServedControl(
                    store,
                    code,
                    state,
                    new ControlPlane(
                            thread,
                            List.of(state.handlers(), permissions.handlers(), urls.handlers(), mappings.handlers()),
                            state.transaction(),
                            errorHandler));
        } catch (IOException | RuntimeException e) {
            thread.close();
            store.close();
            throw e;
        }
    }

    private static StateStore open(ServedState served, EpochClock clock) throws IOException {
        if (!served.recover()) {
            return StateStore.open(served.directory());
        }
        String stamp = STAMP.format(Instant.ofEpochMilli(clock.time()));
        return StateFolder.recover(served.directory(), stamp, line -> System.err.println("thaw: " + line));
    }

    /** A template's function that cannot run is wrong use; of others one line is printed. */
    private static void start(ControlState state, ControlThread thread, List<TemplateFunction> template) {
        Map<String, String> problems;
        try {
            problems = thread.call(() -> state.start(template));
        } catch (ServiceFault unfit) {
            throw new WrongUse(unfit.text());
        }
        for (TemplateFunction function : template) {
            String problem = problems.get(function.config().name());
            if (problem != null) {
                throw new WrongUse(problem);
            }
        }
        problems.forEach((name, problem) -> System.err.println("thaw: function " + name + " does not run: " + problem));
    }

    /** Where a package can be fetched; on a server with keys, by a signature that lasts as long as the service's. */
    private static String locationOf(ServedAccess access, String url, String sha256) {
        String path =
                "/_thaw/code/" + HexFormat.of().formatHex(Base64.getDecoder().decode(sha256));
        Gate gate = access.access().gate();
        String host = URI.create(url).getAuthority();
        return url + path + (gate == null ? "" : "?" + gate.presignedPage(host, path, LOCATION_SEC));
    }

    /** A host name of its own for each id, which leads to this host wherever {@code localhost}'s names do. */
    private static String addressOf(String url, String id) {
        int port = url.lastIndexOf(':');
        return "http://" + id + ".lambda-url.us-east-1.localhost" + url.substring(port) + "/";
    }

    private static String newUrlId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    Management management() {
        return new Management() {
            @Override
            public CompletableFuture<@Nullable JsonNode> call(String operation, Supplier<OperationInput> input) {
                return plane.call(operation, input);
            }

            @Override
            public Optional<Path> packageOf(String sha256) {
                byte[] hash = HexFormat.of().parseHex(sha256);
                return Optional.of(code.zip(Base64.getEncoder().encodeToString(hash)));
            }
        };
    }

    /** Does what a template says of its functions beside code and configuration; a line for each thing not served. */
    List<String> apply(List<TemplateFunction> template, TemplateTriggers triggers, EpochClock clock) {
        return new TemplateOperations(plane, triggers, clock::time).apply(template);
    }

    /**
     * Sets the provisioned concurrency of a version or alias, which then shows and lasts as if a client had asked for it;
     * false for a plain name, which can have none.
     */
    boolean provision(String function, int environments) {
        FunctionReference reference = FunctionReference.parse(function);
        String qualifier = reference == null ? null : reference.qualifier();
        if (reference == null || qualifier == null || qualifier.equals(RegisteredFunction.LATEST)) {
            return false;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (environments > 0) {
            body.put("ProvisionedConcurrentExecutions", environments);
        }
        OperationInput input = new OperationInput(
                "autoscale", Map.of("FunctionName", reference.name()), Map.of("Qualifier", List.of(qualifier)), body);
        try {
            plane.call(
                            environments > 0 ? "PutProvisionedConcurrencyConfig" : "DeleteProvisionedConcurrencyConfig",
                            input)
                    .join();
        } catch (CompletionException refused) {
            throw new IllegalArgumentException(
                    refused.getCause() instanceof ServiceFault fault ? fault.text() : refused.toString(), refused);
        }
        return true;
    }

    /** Whether there is such a function, version or alias, named as options do. */
    boolean has(String function) {
        FunctionReference reference = FunctionReference.parse(FunctionRegistry.arnOf(function));
        if (reference == null) {
            return false;
        }
        String qualifier = reference.qualifier();
        OperationInput input = new OperationInput(
                "options",
                Map.of("FunctionName", reference.name()),
                qualifier == null ? Map.of() : Map.of("Qualifier", List.of(qualifier)),
                JsonNodeFactory.instance.objectNode());
        try {
            plane.call("GetFunctionConfiguration", input).join();
            return true;
        } catch (CompletionException absent) {
            return false;
        }
    }

    /** What functions ask for of their asynchronous invocations. */
    EventSettings.Source eventSettings() {
        return state.eventSettings();
    }

    /** Answers the calls that it took, then closes the state. */
    @Override
    public void close() {
        plane.close();
        store.close();
    }
}
