package dev.thaw.scheduler.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queue on a real store and in virtual time; functions and targets are scripted and take no time. */
final class VirtualQueue implements AutoCloseable {
    static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";
    static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:t";
    static final long START_MS = 1_700_000_000_000L;
    static final long HOUR_MS = 3_600_000;
    static final JsonMapper JSON = new JsonMapper();

    /** An attempt, and when it began. */
    record Attempt(long atMs, FunctionEvent event, Consumer<AttemptResult> result) {}

    /** A message, and when it was sent. */
    record Sent(long atMs, Delivery delivery) {
        String text() {
            return new String(delivery.body(), StandardCharsets.UTF_8);
        }
    }

    final List<Attempt> attempts = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final Map<String, EventSettings> settings = new HashMap<>();
    final EventCounters counters = new EventCounters();
    final EventStore store;
    final EventQueue queue;
    long nowMs;

    /** What a function answers; null: it runs until the test says how it ended. */
    Function<FunctionEvent, @Nullable AttemptResult> function = event -> ran("{}");

    Function<Delivery, TargetSender.Sent> target = delivery -> new TargetSender.Sent.Done();

    private final Queue<EventQueue.Task> told = new ArrayDeque<>();

    VirtualQueue(Path file) throws IOException, SQLException {
        this(file, EventsConfig.of(2), START_MS);
    }

    VirtualQueue(Path file, EventsConfig config, long startMs) throws IOException, SQLException {
        nowMs = startMs;
        store = EventStore.open(file, nowMs, faults::add);
        EventQueue.Ports ports = new EventQueue.Ports(new ScriptedInvoker(), this::settingsOf, this::send, faults::add);
        queue = new EventQueue(config, ports, store, counters, told::add);
        queue.load(nowMs);
    }

    static AttemptResult ran(String body) {
        return new AttemptResult.Ran("$LATEST", false, body.getBytes(StandardCharsets.UTF_8));
    }

    static AttemptResult functionError(String body) {
        return new AttemptResult.Ran("$LATEST", true, body.getBytes(StandardCharsets.UTF_8));
    }

    static AttemptResult throttled() {
        return new AttemptResult.Refused(429, "Rate Exceeded.");
    }

    static FunctionEvent event(String requestId, String payload) {
        return new FunctionEvent(requestId, FUNCTION, "Root=1-2-3", null, payload.getBytes(StandardCharsets.UTF_8));
    }

    void configure(int maxRetries, int maxAgeSec, @Nullable String onSuccess, @Nullable String onFailure) {
        settings.put(FUNCTION, new EventSettings(maxRetries, maxAgeSec, onSuccess, onFailure, null, false));
    }

    /** Offers an event now; the receipt's answer is in the list once it has come. */
    List<EventIntake.Acceptance> accept(FunctionEvent event) {
        List<EventIntake.Acceptance> receipts = new ArrayList<>();
        queue.accept(event, receipts::add, nowMs);
        return receipts;
    }

    /** Lets everything happen that is due within so long. */
    void pass(long ms) {
        long endMs = nowMs + ms;
        while (true) {
            long nextMs = turn();
            if (nextMs > endMs) {
                break;
            }
            nowMs = Math.max(nowMs, nextMs);
        }
        nowMs = endMs;
        turn();
    }

    /** Lets everything happen that is due now. */
    long turn() {
        long nextMs = queue.turn(nowMs);
        while (!told.isEmpty()) {
            for (EventQueue.Task task = told.poll(); task != null; task = told.poll()) {
                task.run(nowMs);
            }
            nextMs = queue.turn(nowMs);
        }
        return nextMs;
    }

    /** When attempts began, counted from the start. */
    List<Long> attemptTimesMs() {
        return attempts.stream().map(attempt -> attempt.atMs - START_MS).toList();
    }

    /** The first message that was sent. */
    JsonNode record() {
        return JSON.readTree(sent.getFirst().text());
    }

    EventCounters.Counts counts() {
        return Objects.requireNonNull(counters.byFunction().get(FUNCTION));
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }

    private EventSettings settingsOf(String functionArn) {
        return settings.getOrDefault(functionArn, EventSettings.DEFAULT);
    }

    private void send(Delivery delivery, Consumer<TargetSender.Sent> result) {
        sent.add(new Sent(nowMs, delivery));
        result.accept(target.apply(delivery));
    }

    private final class ScriptedInvoker implements EventInvoker {
        @Override
        public void invoke(FunctionEvent event, Consumer<AttemptResult> result) {
            attempts.add(new Attempt(nowMs, event, result));
            AttemptResult answer = function.apply(event);
            if (answer != null) {
                result.accept(answer);
            }
        }

        @Override
        public boolean knows(String functionArn) {
            return functionArn.contains(":function:") && !functionArn.endsWith(":nobody");
        }
    }
}
