package dev.thaw.scheduler.events.source;

import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.FunctionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schedules and buckets, whose events are invoked asynchronously: thread {@code thaw-triggers}. A schedule that comes late
 * fires once, not once for each time that it missed; what a server that was down missed does not fire.
 *
 * <p>Threading: made, filled, started and closed by one thread.
 */
public final class Triggers implements AutoCloseable {
    /** Of what was told of buckets, inside the folder of a server's state. */
    public static final String FILE_NAME = "buckets.db";

    private static final JsonMapper JSON = new JsonMapper();
    private static final long SCAN_PERIOD_MS = 500;
    private static final long MAX_WAIT_MS = 60_000;

    /**
     * What triggers stand on.
     *
     * @param permit asked before each event
     * @param faults told, in one line each, of what is lost or broken
     */
    public record Ports(EventIntake intake, EpochClock clock, TriggerPermit permit, Consumer<String> faults) {}

    private final Ports ports;
    private final Path file;
    private final List<Due> schedules = new ArrayList<>();
    private final List<Bucket> buckets = new ArrayList<>();
    private final Thread thread =
            Thread.ofPlatform().name("thaw-triggers").daemon().unstarted(this::run);
    private @Nullable ScanStore store;
    private volatile boolean ended;

    /** A schedule and when it is due. */
    private static final class Due {
        private final Schedule schedule;
        private final long startEpochMs;
        private long dueEpochMs;

        private Due(Schedule schedule, long nowEpochMs) {
            this.schedule = schedule;
            startEpochMs = nowEpochMs;
            dueEpochMs = schedule.expression.nextEpochMs(nowEpochMs, nowEpochMs);
        }
    }

    /**
     * A function that is invoked by the clock.
     *
     * @param kind who keeps it
     * @param name of the rule or schedule, as the event has it
     * @param input the event, as JSON; null for the one that the service sends
     */
    public record Schedule(
            ScheduleKind kind,
            String name,
            ScheduleExpression expression,
            String functionArn,
            @Nullable String input) {}

    /** The file is made with the first bucket. */
    public Triggers(Path file, Ports ports) {
        this.file = file;
        this.ports = ports;
    }

    /** From now on. */
    public void add(Schedule schedule) {
        schedules.add(new Due(schedule, ports.clock.time()));
    }

    /** Watches a folder, from where it was left. */
    public void addBucket(Path folder, String functionArn, KeyFilter filter) throws IOException {
        ScanStore open = store == null ? ScanStore.open(file, ports.clock.time(), ports.faults) : store;
        store = open;
        buckets.add(Bucket.open(
                folder, functionArn, filter, new Bucket.Ports(open, ports.intake, ports.permit, ports.faults)));
    }

    /** Starts to invoke; a thread only where there is something to do. */
    public void start() {
        if (!schedules.isEmpty() || !buckets.isEmpty()) {
            thread.start();
        }
    }

    /** Fires what is due; when there is something to do next. */
    long turn(long nowEpochMs) {
        long nextMs = nowEpochMs + (buckets.isEmpty() ? MAX_WAIT_MS : SCAN_PERIOD_MS);
        for (Due due : schedules) {
            if (due.dueEpochMs <= nowEpochMs) {
                fire(due, nowEpochMs);
                due.dueEpochMs = due.schedule.expression.nextEpochMs(due.startEpochMs, nowEpochMs);
            }
            nextMs = Math.min(nextMs, due.dueEpochMs);
        }
        for (Bucket bucket : buckets) {
            bucket.turn(nowEpochMs);
        }
        return nextMs;
    }

    private void fire(Due due, long nowEpochMs) {
        Schedule schedule = due.schedule;
        ScheduleKind kind = schedule.kind;
        if (!ports.permit.allows(kind.service(), kind.arn(schedule.name), schedule.functionArn)) {
            ports.faults.accept("schedule " + schedule.name + ": not invoked: no policy lets " + kind.service()
                    + " invoke " + schedule.functionArn);
            return;
        }
        FunctionEvent empty = SourceEvent.of(schedule.functionArn, new byte[0], nowEpochMs);
        byte[] payload = schedule.input == null
                ? event(schedule, empty.requestId(), due.dueEpochMs)
                : schedule.input.getBytes(StandardCharsets.UTF_8);
        FunctionEvent event =
                new FunctionEvent(empty.requestId(), schedule.functionArn, empty.traceId(), null, payload);
        ports.intake.accept(event, acceptance -> {
            if (acceptance != EventIntake.Acceptance.STORED) {
                ports.faults.accept("schedule " + schedule.name + ": not invoked: " + acceptance);
            }
        });
    }

    private static byte[] event(Schedule schedule, String id, long timeEpochMs) {
        ObjectNode event = JSON.createObjectNode();
        event.put("version", "0");
        event.put("id", id);
        event.put("detail-type", "Scheduled Event");
        event.put("source", schedule.kind.source());
        event.put("account", "000000000000");
        event.put(
                "time",
                Instant.ofEpochMilli(timeEpochMs)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        event.put("region", "us-east-1");
        event.putArray("resources").add(schedule.kind.arn(schedule.name));
        schedule.kind.putDetail(event);
        return JSON.writeValueAsBytes(event);
    }

    private void run() {
        while (!ended) {
            long nextMs = turn(ports.clock.time());
            LockSupport.parkNanos((nextMs - ports.clock.time()) * 1_000_000L);
        }
    }

    /** Fires nothing more. A file whose event has no receipt yet is told of again by the next server. */
    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
            buckets.forEach(Bucket::close);
            buckets.clear();
            if (store != null) {
                store.close();
                store = null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            ports.faults.accept(file + ": cannot be closed: " + e.getMessage());
        }
    }
}
