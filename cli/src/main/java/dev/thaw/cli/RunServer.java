package dev.thaw.cli;

import dev.thaw.results.RunPlan;
import dev.thaw.results.RunPlan.RunFunction;
import dev.thaw.results.ServerDescription;
import dev.thaw.scheduler.auth.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run's manifest says of its server: what the server itself tells, nothing where it does not. */
final class RunServer {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A server that tells nothing: somebody else's, or a function behind a URL. */
    static final RunServer UNKNOWN = new RunServer(new ServerDescription(
            RunPlan.UNKNOWN, RunPlan.UNKNOWN, RunPlan.EXTERNAL, RunPlan.UNKNOWN, Map.of(), Map.of(), List.of()));

    private final ServerDescription description;
    private final Map<String, RunFunction> functions;

    private RunServer(ServerDescription description) {
        this.description = description;
        functions = description.functions().stream()
                .map(function -> new RunFunction(function.name(), function.memoryMib(), function.architecture()))
                .collect(Collectors.toMap(RunFunction::name, function -> function));
    }

    /** Asks the server; {@code key} is null where nothing is signed. */
    static RunServer at(URI server, @Nullable Credentials key) throws InterruptedException {
        URI page = server.resolve("/_thaw/server");
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build()) {
            HttpRequest request = SigningOptions.get(key, page).timeout(TIMEOUT).build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? new RunServer(ServerDescription.fromJson(answer.body())) : UNKNOWN;
        } catch (IOException | IllegalArgumentException notOurs) {
            return UNKNOWN;
        }
    }

    /** Its settings and, beside them, the run's own. */
    Map<String, String> with(Map<String, String> ofTheRun) {
        Map<String, String> settings = new TreeMap<>(description.settings());
        settings.putAll(ofTheRun);
        settings.put("serverVersion", description.version());
        return settings;
    }

    /** A function by its name; with a qualifier, its records will say how much memory it has. */
    RunFunction function(String reference) {
        return functions.getOrDefault(reference, new RunFunction(reference, 0, RunPlan.UNKNOWN));
    }

    ServerDescription description() {
        return description;
    }

    /** Whether any of them was built for another processor than the server's. */
    boolean isEmulated(List<RunFunction> ofTheRun) {
        return ofTheRun.stream()
                .map(RunFunction::architecture)
                .anyMatch(each -> !each.equals(RunPlan.UNKNOWN) && !each.equals(description.architecture()));
    }
}
