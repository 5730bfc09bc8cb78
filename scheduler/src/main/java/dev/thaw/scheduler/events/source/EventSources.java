package dev.thaw.scheduler.events.source;

import dev.thaw.results.live.SourceState;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.RecordOutlet;
import dev.thaw.scheduler.events.TargetEndpoints;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * The event source mappings that are at work, each on a virtual thread {@code thaw-source-..}.
 *
 * <p>Threading: {@link #put}, {@link #remove}, {@link #stop} and {@link #close} on one thread at a time; the rest on any.
 */
public final class EventSources implements AutoCloseable {
    private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);
    private static final Duration END_BOUND = Duration.ofSeconds(5);

    /**
     * What sources stand on.
     *
     * @param faults told, in one line each, of what is broken
     */
    public record Ports(EventInvoker invoker, TargetEndpoints endpoints, EpochClock clock, Consumer<String> faults) {}

    private final Ports ports;
    private @Nullable HttpClient client;
    private final ExecutorService settling = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("thaw-settle-", 0).factory());
    private final RecordOutlet outlet;
    private final Map<String, Work> working = new ConcurrentHashMap<>();
    /** By UUID, whether or not they work. */
    private final Map<String, SourceMapping> mappings = new ConcurrentSkipListMap<>();

    private record Work(SourceMapping mapping, SourceLoop loop, Thread thread) {}

    public EventSources(Ports ports) {
        this.ports = ports;
        outlet = new RecordOutlet(ports.endpoints);
    }

    /** Why this source cannot be read here, or null where it can. */
    public @Nullable String refusal(SourceMapping.Source source) {
        if (!source.readsQueue()) {
            return null;
        }
        String arn = String.valueOf(source.arn());
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[2].equals("sqs")) {
            return "Event sources of " + (parts.length < 6 ? arn : "service " + parts[2])
                    + " are not served here: queues (sqs) and self-managed Kafka are.";
        }
        if (arn.endsWith(".fifo")) {
            return "FIFO queues are no event source here: only standard queues are.";
        }
        return ports.endpoints.sqs() == null
                ? "No endpoint is set for queues: start the server with --endpoint sqs=URL."
                : null;
    }

    /** Why this text is no filter's pattern, or null where it is one. */
    public static @Nullable String patternProblem(String pattern) {
        try {
            EventPattern.parse(pattern);
            return null;
        } catch (IllegalArgumentException wrong) {
            return wrong.getMessage();
        }
    }

    /** Starts a mapping, goes on with it as it is now, or lets it rest where it is not enabled. */
    public void put(SourceMapping mapping) {
        end(mapping.uuid());
        mappings.put(mapping.uuid(), mapping);
        if (!mapping.enabled()) {
            return;
        }
        String refusal = refusal(mapping.source());
        if (refusal != null) {
            ports.faults.accept("event source mapping " + mapping.uuid() + ": " + refusal);
            return;
        }
        SourceLoop loop = mapping.source().readsQueue() ? queue(mapping) : stream(mapping);
        Thread thread = Thread.ofVirtual().name("thaw-source-" + mapping.uuid()).start(() -> run(mapping, loop));
        working.put(mapping.uuid(), new Work(mapping, loop, thread));
    }

    private SourceLoop queue(SourceMapping mapping) {
        URI endpoint = Objects.requireNonNull(ports.endpoints.sqs());
        HttpClient http = client == null
                ? HttpClient.newBuilder().connectTimeout(CONNECT_BOUND).build()
                : client;
        client = http;
        return new QueueLoop(
                mapping,
                new SqsQueue(String.valueOf(mapping.source().arn()), endpoint, http),
                new QueueLoop.Ports(ports.invoker, settling, ports.clock, Thread::sleep, ports.faults));
    }

    private SourceLoop stream(SourceMapping mapping) {
        return new StreamLoop(
                mapping,
                new KafkaSource(mapping.source()),
                new StreamLoop.Ports(ports.invoker, outlet, ports.clock, Thread::sleep, ports.faults));
    }

    private void run(SourceMapping mapping, SourceLoop loop) {
        try {
            while (!Thread.interrupted()) {
                loop.turn();
            }
        } catch (InterruptedException ended) {
            // As asked.
        } catch (RuntimeException e) {
            ports.faults.accept("event source mapping " + mapping.uuid() + " has ended: internal fault: " + e);
        } finally {
            loop.end();
        }
    }

    /** Ends a mapping; batches that a function has are settled all the same. Nothing happens where there is none. */
    public void remove(String uuid) {
        mappings.remove(uuid);
        end(uuid);
    }

    private void end(String uuid) {
        Work work = working.remove(uuid);
        if (work != null) {
            work.thread.interrupt();
        }
    }

    /** The mapping reads its source. */
    public boolean isWorking(String uuid) {
        Work work = working.get(uuid);
        return work != null && work.thread.isAlive();
    }

    /** Of a mapping, in the management API's words, changes of it apart. */
    public String state(SourceMapping mapping) {
        if (!mapping.enabled()) {
            return "Disabled";
        }
        return isWorking(mapping.uuid()) ? "Enabled" : "Enabling";
    }

    /** Of all mappings. */
    public List<SourceState> states() {
        return mappings.values().stream()
                .map(each ->
                        new SourceState(each.source().name(), each.functionArn(), state(each), lastResult(each.uuid())))
                .toList();
    }

    /** How its last batch ended, in words; null where it does not work. */
    public @Nullable String lastResult(String uuid) {
        Work work = working.get(uuid);
        return work == null ? null : work.loop.lastResult();
    }

    /** Receives nothing more; what functions have may end. */
    public void stop() {
        working.values().forEach(work -> work.thread.interrupt());
        working.values().forEach(work -> joined(work.thread));
        working.clear();
    }

    /** Ends every mapping; what functions still have is settled within seconds, or comes back by itself. */
    @Override
    public void close() {
        stop();
        settling.shutdown();
        try {
            if (!settling.awaitTermination(END_BOUND.toSeconds(), TimeUnit.SECONDS)) {
                settling.shutdownNow();
            }
        } catch (InterruptedException e) {
            settling.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (client != null) {
            client.shutdownNow(); // a receive that still waits is of no use any more
        }
        outlet.close();
    }

    private static void joined(Thread thread) {
        try {
            if (!thread.join(END_BOUND)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
