package dev.thaw.cli;

import dev.thaw.scheduler.events.EventsConfig;
import dev.thaw.scheduler.events.TargetEndpoints;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of asynchronous invocations. */
final class EventOptions {
    private static final Set<String> SERVICES = Set.of("sqs", "sns", "events");

    @Option(
            names = "--event-concurrency",
            paramLabel = "N",
            description = "Asynchronous invocations at the same time (default: 8 for each core).")
    @Nullable
    Integer concurrency;

    @Option(
            names = "--endpoint",
            paramLabel = "SERVICE=URL",
            description = "Where queues, topics and event buses are: sqs=URL, sns=URL, events=URL.")
    @Nullable
    Map<String, URI> endpoints;

    @Option(
            names = "--event-duplicates",
            paramLabel = "RATE",
            description = "Share of asynchronous events, 0..1, that are run twice on purpose (default: none).")
    double duplicateRate;

    EventsConfig config(long seed) {
        EventsConfig defaults = EventsConfig.of(Runtime.getRuntime().availableProcessors());
        try {
            return new EventsConfig(
                    concurrency == null ? defaults.maxInFlight() : concurrency,
                    defaults.maxEvents(),
                    defaults.maxBytes(),
                    defaults.maxUnstoredBytes(),
                    duplicateRate,
                    seed);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUse("asynchronous events: " + wrong.getMessage());
        }
    }

    TargetEndpoints targetEndpoints() {
        Map<String, URI> given = endpoints == null ? Map.of() : endpoints;
        given.forEach(EventOptions::check);
        return new TargetEndpoints(given.get("sqs"), given.get("sns"), given.get("events"));
    }

    private static void check(String service, URI url) {
        if (!SERVICES.contains(service)) {
            throw new WrongUse("--endpoint: '" + service + "', must be one of sqs, sns, events");
        }
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new WrongUse("--endpoint: '" + url + "' of " + service + ", must begin with http:// or https://");
        }
    }
}
