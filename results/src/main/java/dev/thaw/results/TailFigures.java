package dev.thaw.results;

import dev.thaw.results.pauses.RunPauses;
import dev.thaw.results.tails.Cause;
import dev.thaw.results.tails.CauseRules;
import dev.thaw.results.tails.SlowInvocation;
import dev.thaw.results.tails.Times;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The slowest invocations of a run, and what they were slow of: {@code summary.json: tails}.
 *
 * <p>Threading: filled on the row thread, read once that thread has stopped.
 */
final class TailFigures {
    static final String KEY = "tails";
    static final String LATENESS = "lateness";
    static final String OUTSIDE = "outside";
    private static final double NS_PER_S = 1e9;
    private static final double MAX_PERCENT = 100;

    private final List<FunctionTotals> functions;
    private final SlowestSamples slowest;
    /** Wait for CPU quota, of invocations that had any. */
    private final Histogram throttled = Latencies.growing();

    TailFigures(long planned, List<FunctionTotals> functions) {
        slowest = new SlowestSamples(planned);
        this.functions = functions;
    }

    /** Takes one that ran. */
    void add(Sample sample) {
        slowest.add(sample);
        if (sample.serverKnown && sample.server.throttledNs > 0) {
            Latencies.record(throttled, sample.server.throttledNs);
        }
    }

    ObjectNode toJson(Headline headline, PhaseTotals phases, RunPauses pauses) {
        CauseRules rules = new CauseRules(
                typical(headline, phases),
                pauses.serverCollections(),
                pauses.generatorCollections(),
                pauses.stalls(),
                pauses.generatorCpuWaits(),
                pauses.serverCpuWaits());
        List<Sample> samples = slowest.slowestFirst();
        List<Sample> tail = samples.subList(0, slowest.tail());
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("of", slowest.seen());
        node.put("count", tail.size());
        node.put("share", slowest.seen() == 0 ? null : (Double) (tail.size() / (double) slowest.seen()));
        node.put("fromUs", tail.isEmpty() ? null : (Double) us(tail.getLast().fromIntendedNs()));
        node.put("typicalUs", us(rules.typical().totalNs()));
        causes(node.putObject("causes"), tail, rules);
        phases(node.putObject("phases"), tail);
        ArrayNode each = node.putArray("slowest");
        samples.stream().limit(SlowestSamples.SHOWN).forEach(sample -> put(each.addObject(), sample, rules));
        return node;
    }

    private static void causes(ObjectNode node, List<Sample> tail, CauseRules rules) {
        Map<Cause, Long> counts = new EnumMap<>(Cause.class);
        tail.forEach(sample -> counts.merge(rules.of(slow(sample)), 1L, Long::sum));
        for (Cause cause : Cause.ALL) {
            share(node.putObject(cause.key()), counts.getOrDefault(cause, 0L), tail.size());
        }
    }

    /** Of each phase, how many it was the longest of, and its part of all their time. */
    private static void phases(ObjectNode node, List<Sample> tail) {
        Map<String, Long> longest = new LinkedHashMap<>();
        Map<String, Double> sums = new LinkedHashMap<>();
        double allNs = 0;
        for (Sample sample : tail) {
            longest.merge(longestPart(sample), 1L, Long::sum);
            parts(sample).forEach((part, ns) -> sums.merge(part, (double) ns, Double::sum));
            allNs += sample.fromIntendedNs();
        }
        for (Map.Entry<String, Double> part : sums.entrySet()) {
            ObjectNode each = node.putObject(part.getKey());
            share(each, longest.getOrDefault(part.getKey(), 0L), tail.size());
            each.put("timeShare", Percentiles.rounded(part.getValue() / Math.max(1, allNs)));
        }
    }

    private static void share(ObjectNode node, long count, int of) {
        node.put("count", count);
        node.put("share", of == 0 ? null : (Double) Percentiles.rounded(count / (double) of));
    }

    private void put(ObjectNode node, Sample sample, CauseRules rules) {
        node.put("requestId", requestId(sample));
        node.put("function", functions.get(sample.function).function.name());
        node.put("startSeconds", sample.intendedStartNs / NS_PER_S);
        node.put("totalUs", us(sample.fromIntendedNs()));
        node.put("status", sample.status.key());
        node.put("start", sample.serverKnown ? StartKind.of(sample.server).key() : null);
        node.put("environment", sample.serverKnown ? (Long) sample.server.environmentId : null);
        node.put("billedMs", sample.serverKnown ? (Long) sample.server.billedMs : null);
        node.put("unbilledInitMs", sample.serverKnown ? (Long) sample.server.unbilledInitMs : null);
        node.put("cause", rules.of(slow(sample)).key());
        node.put("phase", longestPart(sample));
        ObjectNode parts = node.putObject("partsUs");
        parts(sample).forEach((part, ns) -> {
            if (ns > 0) {
                parts.put(part, us(ns));
            }
        });
    }

    private static @Nullable String requestId(Sample sample) {
        return sample.requestIdHigh == 0 && sample.requestIdLow == 0
                ? null
                : new UUID(sample.requestIdHigh, sample.requestIdLow).toString();
    }

    private static String longestPart(Sample sample) {
        return parts(sample).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(OUTSIDE);
    }

    /** They add up to the whole. */
    private static Map<String, Long> parts(Sample sample) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put(LATENESS, sample.latenessNs());
        long outsideNs = sample.serviceNs();
        for (Phase phase : Phase.ALL) {
            long phaseNs = sample.serverKnown ? sample.server.phasesNs[phase.ordinal()] : 0;
            parts.put(phase.key(), phaseNs);
            outsideNs -= phaseNs;
        }
        parts.put(OUTSIDE, outsideNs);
        return parts;
    }

    private static SlowInvocation slow(Sample sample) {
        return new SlowInvocation(
                sample.intendedStartNs, sample.sentNs, sample.doneNs, times(sample), isVictim(sample));
    }

    private static boolean isVictim(Sample sample) {
        return sample.serverKnown && sample.server.coldVictim;
    }

    private static Times times(Sample sample) {
        ServerRecord server = sample.server;
        if (!sample.serverKnown) {
            return new Times(sample.fromIntendedNs(), sample.latenessNs(), 0, 0, 0, 0, 0, 0);
        }
        long coldNs = ColdPhases.PHASES.stream()
                .mapToLong(phase -> phaseNs(server, phase))
                .sum();
        return new Times(
                sample.fromIntendedNs(),
                sample.latenessNs(),
                coldNs,
                phaseNs(server, Phase.SUPPRESSED_INIT),
                phaseNs(server, Phase.QUEUE),
                Math.max(0, server.throttledNs),
                phaseNs(server, Phase.INVOKE),
                phaseNs(server, Phase.FRONTEND) + phaseNs(server, Phase.THAW) + phaseNs(server, Phase.RESPOND));
    }

    private static long phaseNs(ServerRecord server, Phase phase) {
        return server.phasesNs[phase.ordinal()];
    }

    private Times typical(Headline headline, PhaseTotals phases) {
        long all = 0;
        for (StartKind kind : StartKind.ALL) {
            all += phases.count(kind);
        }
        long known = all;
        long coldNs = ColdPhases.PHASES.stream()
                .mapToLong(phase -> median(phases.of(phase), known))
                .sum();
        return new Times(
                median(headline.fromIntended, headline.fromIntended.getTotalCount()),
                median(headline.lateness, headline.lateness.getTotalCount()),
                coldNs,
                median(phases.of(Phase.SUPPRESSED_INIT), known),
                median(phases.of(Phase.QUEUE), known),
                median(throttled, known),
                median(phases.of(Phase.INVOKE), known),
                median(phases.of(Phase.FRONTEND), known)
                        + median(phases.of(Phase.THAW), known)
                        + median(phases.of(Phase.RESPOND), known));
    }

    /** Of so many values, those that the histogram does not hold being 0. */
    private static long median(Histogram histogram, long all) {
        long count = histogram.getTotalCount();
        double above = 0.5 * all / Math.max(1, count);
        return above >= 1 ? 0 : histogram.getValueAtPercentile(MAX_PERCENT * (1 - above));
    }

    private static double us(long ns) {
        return Percentiles.rounded(ns / Percentiles.NS_PER_US);
    }
}
