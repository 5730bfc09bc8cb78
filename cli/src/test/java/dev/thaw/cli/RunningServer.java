package dev.thaw.cli;

import dev.thaw.results.FleetSample;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.frontend.FrontEndConfig;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.RootFolder;
import dev.thaw.scheduler.functions.TemplateFunction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** A whole server in this process, and a client of it. Threading: safe on any thread; closed by its maker. */
final class RunningServer implements AutoCloseable {
    private final FunctionLogs logs;
    private final ThawServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private boolean closed;

    private RunningServer(FunctionLogs logs, ThawServer server) {
        this.logs = logs;
        this.server = server;
    }

    static RunningServer start(Path directory, Consumer<ServerOptions> settings, FunctionConfig... functions)
            throws IOException {
        ServerOptions options = options(directory);
        settings.accept(options);
        ThawServer server = ThawServer.start(options, List.of(functions), new FrontEndConfig("127.0.0.1", 0));
        return new RunningServer(new FunctionLogs(options.logDirectory()), server);
    }

    /** One that is managed through its API, and takes asynchronous invocations. */
    static RunningServer startManaged(Path directory, FunctionConfig... functions) throws IOException {
        return startManaged(directory, new EventOptions(), functions);
    }

    /** The same with these settings of events. */
    static RunningServer startManaged(Path directory, EventOptions settings, FunctionConfig... functions)
            throws IOException {
        return startManaged(directory, settings, ServedAccess.of(null), functions);
    }

    /** The same where only the keys of this file are let in. */
    static RunningServer startGuarded(Path directory, Path keyFile, FunctionConfig... functions) throws IOException {
        return startManaged(directory, new EventOptions(), ServedAccess.of(keyFile), functions);
    }

    private static RunningServer startManaged(
            Path directory, EventOptions settings, ServedAccess access, FunctionConfig... functions)
            throws IOException {
        return startTemplate(
                directory,
                settings,
                access,
                null,
                Stream.of(functions).map(TemplateFunction::of).toList(),
                _ -> {});
    }

    /** One that serves a template, with what it says beside its functions; what does not come is told to {@code notes}. */
    static RunningServer startTemplate(
            Path directory,
            EventOptions settings,
            ServedAccess access,
            @Nullable Path bucketRoot,
            List<TemplateFunction> functions,
            Consumer<String> notes)
            throws IOException {
        return startTemplate(directory, _ -> {}, settings, access, bucketRoot, functions, notes);
    }

    /** One that serves a template in microVMs. */
    static RunningServer startInMicroVms(Path directory, List<TemplateFunction> functions, Consumer<String> notes)
            throws IOException {
        return startTemplate(
                directory,
                options -> options.backend = "microvm",
                new EventOptions(),
                ServedAccess.of(null),
                null,
                functions,
                notes);
    }

    private static RunningServer startTemplate(
            Path directory,
            Consumer<ServerOptions> changes,
            EventOptions settings,
            ServedAccess access,
            @Nullable Path bucketRoot,
            List<TemplateFunction> functions,
            Consumer<String> notes)
            throws IOException {
        ServerOptions options = options(directory);
        changes.accept(options);
        Path state = Files.createDirectories(directory.resolve("state"));
        settings.targetRoot = directory;
        ServedEvents events = new ServedEvents(settings, 1, state);
        ThawServer server = ThawServer.start(
                options,
                functions,
                new FrontEndConfig("127.0.0.1", 0, true),
                events,
                new ServedState(state, bucketRoot, RootFolder.EVERYWHERE, settings.targets(), false),
                access);
        server.apply(functions, bucketRoot).forEach(notes);
        return new RunningServer(new FunctionLogs(options.logDirectory()), server);
    }

    private static ServerOptions options(Path directory) throws IOException {
        ServerOptions options = new ServerOptions();
        // Capacity is what the tests say, not what this machine has: examples use little of what they reserve.
        options.hostMemoryMib = 65_536;
        options.hostVcpus = 64;
        options.logs = Files.createDirectories(directory.resolve("logs"));
        return options;
    }

    /** The AWS SDK's client, unmodified but for this: a throttle is an answer, not a reason to try again. */
    LambdaClient sdk() {
        return LambdaClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(uri())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    URI uri() {
        return URI.create(server.url());
    }

    CompletableFuture<Reply> send(String function, byte[] payload) {
        HttpRequest request = HttpRequest.newBuilder(
                        uri().resolve("/2015-03-31/functions/" + function + "/invocations"))
                .header("X-Amz-Log-Type", "Tail")
                .header(ServerRecord.HEADER, "1")
                .POST(BodyPublishers.ofByteArray(payload))
                .build();
        return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Reply::of);
    }

    CompletableFuture<Reply> send(String function, String payload) {
        return send(function, payload.getBytes(StandardCharsets.UTF_8));
    }

    Reply invoke(String function, String payload) {
        return send(function, payload).join();
    }

    LiveDeployments deployments() {
        return server.deployments();
    }

    void provision(String function, int functionId, int environments) {
        server.provision(function, functionId, environments);
    }

    FleetSample fleet() {
        return server.fleet().join();
    }

    void awaitFleet(String what, Predicate<FleetSample> condition) {
        Await.until(what, () -> condition.test(fleet()));
    }

    /** Everything that this function's environments have logged, once a text is in it. */
    String awaitLog(String function, String wanted) {
        return logs.await(function, "'" + wanted + "'", text -> text.contains(wanted));
    }

    FunctionLogs logs() {
        return logs;
    }

    /** Ends the server alone: answers that are on their way still arrive. */
    void closeServer() {
        if (!closed) {
            closed = true;
            server.close();
        }
    }

    @Override
    public void close() {
        closeServer();
        client.shutdownNow();
    }
}
