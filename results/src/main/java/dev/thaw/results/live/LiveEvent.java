package dev.thaw.results.live;

import dev.thaw.results.FleetSample;
import dev.thaw.results.Percentiles;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One event of the live page: a server's reading and its last minute as one line of JSON (docs/metrics.md). */
public final class LiveEvent {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double NS_PER_S = 1e9;
    private static final double MILLI = 1e3;

    private LiveEvent() {}

    /**
     * {@code minute} has got the reading, whose interval has not been reset yet.
     *
     * @param atEpochMs of the reading
     * @param startNs when the server started, on the reading's clock
     */
    public static String of(LiveReading reading, LastMinute minute, MachineUse machine, long atEpochMs, long startNs) {
        FleetSample fleet = reading.fleet();
        ObjectNode root = JSON.createObjectNode();
        root.put("atEpochMs", atEpochMs);
        root.put("recordingSeconds", seconds(minute.begunNs(), reading.atNs()));
        root.putObject("environments")
                .put("busy", fleet.busy())
                .put("idle", fleet.idle())
                .put("frozen", fleet.frozen())
                .put("resetting", fleet.resetting())
                .put("starting", fleet.starting());
        root.put("waiting", fleet.waiting()).put("concurrent", reading.concurrent());
        ObjectNode sinceStart = counted(root.putObject("sinceStart"), startNs, reading.atNs(), reading.totals());
        sinceStart
                .put("expired", fleet.expired())
                .put("evicted", fleet.evicted())
                .put("failed", fleet.failed());
        putSecond(root, reading, minute);
        putMinute(root, reading, minute);
        events(root, reading.events());
        sources(root.putArray("sources"), reading);
        hosts(root.putArray("hosts"), reading);
        root.putObject("machine")
                .put("cpus", machine.cpus())
                .put("busyCpus", machine.busyCpus())
                .put("serverCpus", machine.serverCpus());
        return JSON.writeValueAsString(root);
    }

    private static void putSecond(ObjectNode root, LiveReading reading, LastMinute minute) {
        EndedInterval ended = reading.ended();
        if (ended == null || minute.steps() == 0) {
            root.putNull("lastSecond");
            return;
        }
        ObjectNode node = counted(
                root.putObject("lastSecond"),
                minute.lastStepFromNs(),
                reading.atNs(),
                minute.countedLast(reading.totals()));
        recorded(node, ended.coldTriggers, ended.coldVictims, ended.suppressedInits, ended.answers);
    }

    private static void putMinute(ObjectNode root, LiveReading reading, LastMinute minute) {
        if (minute.steps() == 0) {
            root.putNull("lastMinute");
            return;
        }
        ObjectNode node = counted(
                root.putObject("lastMinute"), minute.fromNs(), reading.atNs(), minute.counted(reading.totals()));
        node.put("intervals", minute.steps());
        recorded(node, minute.coldTriggers, minute.coldVictims, minute.suppressedInits, minute.answers);
        node.set("functionUs", Percentiles.us(minute.functions));
    }

    private static ObjectNode counted(ObjectNode node, long fromNs, long toNs, ServerTotals totals) {
        return node.put("seconds", seconds(fromNs, toNs))
                .put("invocations", totals.invocations())
                .put("errors", totals.errors())
                .put("throttles", totals.throttles())
                .put("refusals", totals.refusals())
                .put("created", totals.created());
    }

    private static void recorded(
            ObjectNode node, long coldTriggers, long coldVictims, long suppressedInits, Histogram answers) {
        node.put("coldStarts", coldTriggers).put("victims", coldVictims).put("suppressedInits", suppressedInits);
        node.set("answerUs", Percentiles.us(answers));
    }

    private static void events(ObjectNode root, @Nullable EventBacklog backlog) {
        if (backlog == null) {
            root.putNull("events");
            return;
        }
        root.putObject("events")
                .put("waiting", backlog.waiting())
                .put("underWay", backlog.underWay())
                .put("deliveries", backlog.deliveries())
                .put("oldestSeconds", backlog.oldestMs() < 0 ? null : (Double) (backlog.oldestMs() / MILLI));
    }

    private static void sources(ArrayNode all, LiveReading reading) {
        for (SourceState source : reading.sources()) {
            all.addObject()
                    .put("source", source.source())
                    .put("functionArn", source.functionArn())
                    .put("state", source.state())
                    .put("lastResult", source.lastResult());
        }
    }

    private static void hosts(ArrayNode all, LiveReading reading) {
        for (HostUse host : reading.hosts()) {
            all.addObject()
                    .put("name", host.name())
                    .put("memoryMib", host.memoryMib())
                    .put("heldMemoryMib", host.heldMemoryMib())
                    .put("idleMemoryMib", host.idleMemoryMib())
                    .put("vcpus", host.milliVcpus() / MILLI)
                    .put("heldVcpus", host.heldMilliVcpus() / MILLI)
                    .put("idleVcpus", host.idleMilliVcpus() / MILLI);
        }
    }

    private static double seconds(long fromNs, long toNs) {
        return Math.round((toNs - fromNs) / NS_PER_S * MILLI) / MILLI;
    }
}
