package dev.thaw.scheduler.frontend;

import dev.thaw.results.FleetSample;
import dev.thaw.results.ServerDescription;
import dev.thaw.results.ServerMetrics;
import dev.thaw.results.live.LivePage;
import dev.thaw.scheduler.frontend.live.LiveReaders;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.RegisteredFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server's own pages below {@code /_thaw/}: health, server, functions, fleet, metrics, live, deployment packages. */
@SuppressWarnings("FutureReturnValueIgnored") // both ends of each future answer the client
final class Pages {
    static final String PREFIX = "/_thaw/";
    /** Answered to everybody. */
    static final String HEALTH = PREFIX + "health";

    private static final String METRICS = PREFIX + "metrics";
    private static final String METRICS_JSON = METRICS + ".json";
    /** The live page, and its events for whoever asks for an event stream. */
    static final String LIVE = PREFIX + "live";

    /** Deployment packages, by their hashes. */
    static final String CODE = PREFIX + "code/";

    private static final Pattern PACKAGE = Pattern.compile(CODE + "([0-9a-f]{64})");

    private Pages() {}

    static boolean isMetrics(String path) {
        return path.equals(METRICS) || path.equals(METRICS_JSON);
    }

    /** Completes the answer, at once or once the scheduler has answered. */
    static void serve(String path, Answer answer, FrontEndPorts ports) {
        switch (path) {
            case HEALTH -> done(answer, "{\"status\":\"ok\"}");
            case "/_thaw/functions" ->
                done(
                        answer,
                        Fault.json(ports.functions().all().stream()
                                .map(Pages::describe)
                                .toList()));
            case "/_thaw/server" ->
                done(
                        answer,
                        ports.server()
                                .withFunctions(ports.functions().all().stream()
                                        .map(Pages::described)
                                        .toList())
                                .toJson());
            case "/_thaw/fleet" ->
                ports.fleet()
                        .get()
                        .thenApply(FleetSample::toJson)
                        .whenComplete((page, problem) -> onPage("fleet", answer, page, problem));
            case METRICS ->
                ports.metrics().get().thenApply(MetricsText::of).whenComplete((page, problem) -> {
                    answer.pageType = MetricsText.CONTENT_TYPE;
                    onPage("metrics", answer, page, problem);
                });
            case METRICS_JSON ->
                ports.metrics()
                        .get()
                        .thenApply(ServerMetrics::toJson)
                        .whenComplete((page, problem) -> onPage("metrics", answer, page, problem));
            case LIVE -> serveLive(path, answer, ports.live());
            default -> serveOther(path, answer, ports.management());
        }
    }

    private static void serveLive(String path, Answer answer, @Nullable LiveReaders readers) {
        if (readers == null) {
            fault(answer, Fault.unknownPath(path));
        } else if (answer.live == null) {
            answer.pageType = "text/html; charset=utf-8";
            done(answer, LivePage.html());
        } else if (!answer.live.begin(readers)) {
            fault(answer, Fault.tooManyReaders(readers.most()));
        }
    }

    /** Deployment packages: who knows the hash has been told it by the management API. */
    private static void serveOther(String path, Answer answer, Management management) {
        Matcher code = PACKAGE.matcher(path);
        Path file = code.matches() ? management.packageOf(code.group(1)).orElse(null) : null;
        if (file == null || !Files.isRegularFile(file)) {
            fault(answer, Fault.unknownPath(path));
            return;
        }
        answer.pageStatus = 200;
        answer.pageType = "application/zip";
        answer.file = file.toFile();
        answer.moveToLoop();
    }

    private static void onPage(String name, Answer answer, String page, Throwable problem) {
        if (problem == null) {
            done(answer, page);
        } else {
            fault(answer, Fault.service(name + ": " + problem.getMessage()));
        }
    }

    private static Map<String, Object> describe(RegisteredFunction function) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("name", function.name());
        page.put("memoryMib", function.config().memoryMib());
        page.put("architecture", function.config().architecture());
        return page;
    }

    private static ServerDescription.Function described(RegisteredFunction function) {
        FunctionConfig config = function.config();
        return new ServerDescription.Function(function.name(), config.memoryMib(), config.architecture());
    }

    private static void done(Answer answer, String page) {
        answer.pageStatus = 200;
        answer.page = page;
        answer.moveToLoop();
    }

    private static void fault(Answer answer, Fault fault) {
        answer.fault = fault;
        answer.moveToLoop();
    }
}
