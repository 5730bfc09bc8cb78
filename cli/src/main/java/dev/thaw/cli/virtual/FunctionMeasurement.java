package dev.thaw.cli.virtual;

import dev.thaw.results.Phase;
import dev.thaw.results.Sample;
import dev.thaw.results.ServerRecord;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.virtual.WorkModel;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.PackedHistogram;

/** What the rows of one function, or of all together, say of its durations. Three significant digits, as everywhere. */
final class FunctionMeasurement {
    private static final int DIGITS = 3;
    private static final double MILLI = 1_000;

    private final Map<Part, PackedHistogram> parts = new EnumMap<>(Part.class);
    private long workedNs;
    private long cpuNs;
    private int memoryMib;

    /** @param plannedNs what the trace asked for, or -1 */
    void add(Sample sample, long plannedNs) {
        ServerRecord server = sample.server;
        memoryMib = memoryMib == 0 || memoryMib == server.memoryMib ? server.memoryMib : -1;
        if (server.coldTrigger) {
            addStart(server);
        }
        positive(Part.THAW, phase(server, Phase.THAW));
        long invokeNs = phase(server, Phase.INVOKE);
        put(Part.INVOKE, invokeNs);
        if (plannedNs >= 0) {
            put(Part.OVERHEAD, Math.max(0, invokeNs - plannedNs));
        }
        long outsideNs = sample.serviceNs() - server.phasesSumNs();
        put(Part.OUTSIDE, Math.max(0, outsideNs) + phase(server, Phase.FRONTEND) + phase(server, Phase.RESPOND));
        if (server.extensionOverhangNs >= 0) {
            put(Part.OVERHANG, server.extensionOverhangNs);
        }
        if (server.cpuNs >= 0 && !server.suppressedInit) {
            workedNs += invokeNs;
            cpuNs += server.cpuNs;
        }
    }

    private void addStart(ServerRecord server) {
        if (phase(server, Phase.RESTORE) > 0) {
            put(Part.RESTORE, phase(server, Phase.RESTORE));
            return;
        }
        put(Part.CREATE, phase(server, Phase.CREATE));
        put(Part.INIT_RUNTIME, phase(server, Phase.INIT_EXTENSION) + phase(server, Phase.INIT_RUNTIME));
        put(Part.INIT_FUNCTION, phase(server, Phase.INIT_FUNCTION));
    }

    private static long phase(ServerRecord server, Phase phase) {
        return server.phasesNs[phase.ordinal()];
    }

    private void positive(Part part, long ns) {
        if (ns > 0) {
            put(part, ns);
        }
    }

    private void put(Part part, long ns) {
        parts.computeIfAbsent(part, _ -> new PackedHistogram(DIGITS)).recordValue(ns);
    }

    MeasuredFunction toModel(String name) {
        Map<String, QuantileTable> tables = new TreeMap<>();
        parts.forEach((part, measured) -> tables.put(part.key(), QuantileTable.of(measured)));
        return new MeasuredFunction(name, Math.max(0, memoryMib), milliVcpus(), tables);
    }

    /** No more than the memory buys: what was used beyond was a burst inside a period. */
    private int milliVcpus() {
        if (workedNs == 0) {
            return WorkModel.MEMORY_SHARE;
        }
        int used = (int) Math.max(1, Math.round(cpuNs * MILLI / workedNs));
        int share = memoryMib > 0 ? (int) Math.max(1, memoryMib * 1_000L / FunctionSpec.MEMORY_MIB_PER_VCPU) : used;
        return Math.min(used, share);
    }
}
