package dev.thaw.cli;

import dev.thaw.scheduler.events.EventsConfig;
import dev.thaw.scheduler.events.TargetEndpoints;
import dev.thaw.scheduler.events.source.KeyFilter;
import dev.thaw.scheduler.events.source.ScheduleExpression;
import dev.thaw.scheduler.events.source.ScheduleKind;
import dev.thaw.scheduler.events.source.Triggers;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.RootFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of asynchronous invocations, and of what makes them. */
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

    @Option(
            names = "--schedule",
            paramLabel = "FUNCTION=EXPRESSION",
            description = "Invoke a function asynchronously by the clock, again for more: 'echo=rate(5 minutes)',"
                    + " 'echo=cron(0 12 * * ? *)', in UTC.")
    List<String> schedules = new ArrayList<>();

    @Option(
            names = "--bucket",
            paramLabel = "FUNCTION=DIR",
            description = "Invoke a function asynchronously for each file put into a folder, again for more.")
    List<String> buckets = new ArrayList<>();

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

    @Option(
            names = "--target-root",
            paramLabel = "DIR",
            description = "Folder in which folders may lie that destinations name (default: none may be named).")
    @Nullable
    Path targetRoot;

    /** Where folders may lie that destinations name. */
    RootFolder targets() {
        return targetRoot == null ? RootFolder.NONE : RootFolder.of(targetRoot);
    }

    TargetEndpoints targetEndpoints() {
        Map<String, URI> given = endpoints == null ? Map.of() : endpoints;
        given.forEach(EventOptions::check);
        return new TargetEndpoints(given.get("sqs"), given.get("sns"), given.get("events"), targets());
    }

    /** Lets functions be invoked by what the options say. */
    void addTo(Triggers triggers) throws IOException {
        for (String schedule : schedules) {
            String[] pair = pair("--schedule", schedule);
            try {
                ScheduleExpression expression = ScheduleExpression.parse(pair[1]);
                String arn = FunctionRegistry.arnOf(pair[0]);
                triggers.add(new Triggers.Schedule(ScheduleKind.RULE, pair[0], expression, arn, null));
            } catch (IllegalArgumentException wrong) {
                throw new WrongUse("--schedule: " + wrong.getMessage());
            }
        }
        for (String bucket : buckets) {
            String[] pair = pair("--bucket", bucket);
            Path folder = Path.of(pair[1]).toAbsolutePath().normalize();
            if (!Files.isDirectory(folder)) {
                throw new WrongUse("--bucket: '" + pair[1] + "', must be a folder");
            }
            triggers.addBucket(folder, FunctionRegistry.arnOf(pair[0]), KeyFilter.ALL);
        }
    }

    /** Refuses what would invoke a function that is not there. */
    void checkFunctions(Predicate<String> isThere) {
        schedules.forEach(schedule -> checkFunction("--schedule", schedule, isThere));
        buckets.forEach(bucket -> checkFunction("--bucket", bucket, isThere));
    }

    private static void checkFunction(String option, String text, Predicate<String> isThere) {
        if (!isThere.test(pair(option, text)[0])) {
            throw new WrongUse(option + ": '" + text + "', must name a function of the template or of the state");
        }
    }

    private static String[] pair(String option, String text) {
        String[] pair = text.split("=", 2);
        if (pair.length < 2 || pair[0].isEmpty()) {
            throw new WrongUse(option + ": '" + text + "', must begin with FUNCTION=");
        }
        return pair;
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
