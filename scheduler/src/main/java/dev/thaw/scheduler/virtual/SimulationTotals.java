package dev.thaw.scheduler.virtual;

import dev.thaw.results.Phase;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import org.HdrHistogram.Histogram;

/**
 * What a simulation has counted and measured. Latencies in ns, three significant digits up to a day; room in MiB times
 * seconds. The same size for any number of invocations.
 */
public final class SimulationTotals {
    private static final long MAX_NS = 86_400_000_000_000L;
    private static final int DIGITS = 3;
    private static final double NS_PER_S = 1e9;
    private static final double MIB_S_PER_GB_S = 1_024;
    private static final double NS_PER_HOUR = 3.6e12;
    private static final long NS_PER_MS = 1_000_000;

    private final Histogram latency = new Histogram(MAX_NS, DIGITS);
    private final Histogram queueing = new Histogram(MAX_NS, DIGITS);
    private final Histogram added = new Histogram(MAX_NS, DIGITS);
    private final long[] outcomes = new long[Outcome.values().length];
    private final long[] refusals = new long[Refusal.values().length];
    private final int[] memoryMib;
    private final long[] arrivals;
    private final long[] coldTriggersByFunction;
    private final long[] coldVictimsByFunction;
    /** By function, on environments of provisioned concurrency apart. */
    private final long[] billedMs;

    private final long[] billedProvisionedMs;
    private final long[] billedInitMs;
    private final int[] environments;
    private final long[] usedSinceNs;
    private long coldTriggers;
    private long coldVictims;
    private long suppressedInits;
    private long queued;
    private long environmentsCreated;
    private long environmentsPrewarmed;
    private int environmentsNow;
    private int mostEnvironments;
    private double idleMibS;
    private double usedHostNs;
    private long endNs;

    SimulationTotals(SimulationPlan plan) {
        int functions = plan.functions().size();
        memoryMib = plan.functions().stream()
                .mapToInt(function -> function.spec().memoryMib())
                .toArray();
        arrivals = new long[functions];
        coldTriggersByFunction = new long[functions];
        coldVictimsByFunction = new long[functions];
        billedMs = new long[functions];
        billedProvisionedMs = new long[functions];
        billedInitMs = new long[functions];
        environments = new int[plan.hosts().size()];
        usedSinceNs = new long[plan.hosts().size()];
    }

    // --- while it runs

    /** Counts the arrival and returns its ordinal among the function's. */
    @HotPath
    long arrived(int functionId) {
        return arrivals[functionId]++;
    }

    @HotPath
    void ended(Invocation invocation, long workNs, Outcome outcome) {
        outcomes[outcome.ordinal()]++;
        long totalNs = Math.min(MAX_NS, invocation.totalNs());
        latency.recordValue(totalNs);
        long queueNs = Math.min(MAX_NS, invocation.phaseNs(Phase.QUEUE));
        queueing.recordValue(queueNs);
        queued += queueNs > 0 ? 1 : 0;
        if (outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR) {
            added.recordValue(Math.max(0, totalNs - workNs));
        }
        if (invocation.coldTrigger()) {
            coldTriggers++;
            coldTriggersByFunction[invocation.functionId()]++;
        } else if (invocation.coldVictim()) {
            coldVictims++;
            coldVictimsByFunction[invocation.functionId()]++;
        }
        suppressedInits += invocation.suppressedInit() ? 1 : 0;
    }

    @HotPath
    void refused(Refusal refusal) {
        refusals[refusal.ordinal()]++;
    }

    @HotPath
    void idle(int functionId, long ns) {
        idleMibS += memoryMib[functionId] * (ns / NS_PER_S);
    }

    /** Rounded up to 1 ms (contract.md section 8). */
    @HotPath
    void billInvocation(int functionId, long ns, boolean provisioned) {
        long[] billed = provisioned ? billedProvisionedMs : billedMs;
        billed[functionId] += (ns + NS_PER_MS - 1) / NS_PER_MS;
    }

    void billInit(int functionId, long ns) {
        billedInitMs[functionId] += (ns + NS_PER_MS - 1) / NS_PER_MS;
    }

    void environmentCreated(int hostId, long nowNs) {
        environmentsCreated++;
        mostEnvironments = Math.max(mostEnvironments, ++environmentsNow);
        if (environments[hostId]++ == 0) {
            usedSinceNs[hostId] = nowNs;
        }
    }

    void environmentGone(int hostId, long nowNs) {
        environmentsNow--;
        if (--environments[hostId] == 0) {
            usedHostNs += nowNs - usedSinceNs[hostId];
        }
    }

    void close(long prewarmed, long nowNs) {
        environmentsPrewarmed = prewarmed;
        endNs = nowNs;
        for (int host = 0; host < environments.length; host++) {
            if (environments[host] > 0) {
                usedHostNs += nowNs - usedSinceNs[host];
            }
        }
    }

    // --- afterwards

    /** From arrival to answer, of all that were served. */
    public Histogram latency() {
        return latency;
    }

    /** Time waited for an environment that the invocation did not cause. */
    public Histogram queueing() {
        return queueing;
    }

    /** What an answer took beyond its handler's work: queueing, start, thaw, and others on the same CPU. */
    public Histogram added() {
        return added;
    }

    public long count(Outcome outcome) {
        return outcomes[outcome.ordinal()];
    }

    public long count(Refusal refusal) {
        return refusals[refusal.ordinal()];
    }

    public long arrivals(int functionId) {
        return arrivals[functionId];
    }

    public long arrivals() {
        long sum = 0;
        for (long count : arrivals) {
            sum += count;
        }
        return sum;
    }

    public long coldTriggers() {
        return coldTriggers;
    }

    public long coldTriggers(int functionId) {
        return coldTriggersByFunction[functionId];
    }

    public long coldVictims() {
        return coldVictims;
    }

    public long coldVictims(int functionId) {
        return coldVictimsByFunction[functionId];
    }

    public long suppressedInits() {
        return suppressedInits;
    }

    /** Served invocations that waited at all. */
    public long queued() {
        return queued;
    }

    public long environmentsCreated() {
        return environmentsCreated;
    }

    /** Of these, started ahead of invocations because keep-alive expected one. */
    public long environmentsPrewarmed() {
        return environmentsPrewarmed;
    }

    /** As many existed at the same time. */
    public int mostEnvironments() {
        return mostEnvironments;
    }

    /** Memory that environments held while they waited for work. */
    public double idleGbS() {
        return idleMibS / MIB_S_PER_GB_S;
    }

    /** Invocations, with what they repeated of init and what went on after the answer. */
    public double billedGbS() {
        return gbS(billedMs) + gbS(billedProvisionedMs);
    }

    /** Of these, what ran on environments of provisioned concurrency. */
    public double billedProvisionedGbS() {
        return gbS(billedProvisionedMs);
    }

    /** Inits of their own, which are billed since August 2025. */
    public double billedInitGbS() {
        return gbS(billedInitMs);
    }

    /** Invocations of one function, but for those on environments of provisioned concurrency. */
    public double billedOnDemandGbS(int functionId) {
        return gbS(billedMs[functionId], functionId);
    }

    public double billedProvisionedGbS(int functionId) {
        return gbS(billedProvisionedMs[functionId], functionId);
    }

    public double billedInitGbS(int functionId) {
        return gbS(billedInitMs[functionId], functionId);
    }

    private double gbS(long[] ms) {
        long mibMs = 0;
        for (int function = 0; function < ms.length; function++) {
            mibMs += memoryMib[function] * ms[function];
        }
        return mibMs / (1_000 * MIB_S_PER_GB_S);
    }

    private double gbS(long ms, int functionId) {
        return memoryMib[functionId] * ms / (1_000 * MIB_S_PER_GB_S);
    }

    /** Hosts, each for as long as it had any environment. */
    public double hostHours() {
        return usedHostNs / NS_PER_HOUR;
    }

    /** When the last invocation ended. */
    public long endNs() {
        return endNs;
    }
}
