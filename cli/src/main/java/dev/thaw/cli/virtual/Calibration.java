package dev.thaw.cli.virtual;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.results.RunBundle;
import dev.thaw.results.RunRows;
import dev.thaw.results.Sample;
import dev.thaw.results.SampleStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes a model of a live run's rows. */
public final class Calibration {
    private static final List<String> HOST_KEYS = List.of("cpuModel", "cores", "kernel", "memoryMib");

    private static final int MEASURED_ON_A_SHARED_CPU = 0;

    private final RunBundle bundle;
    private final @Nullable Trace trace;
    private final PlannedWork planned;
    private final FunctionMeasurement pooled = new FunctionMeasurement();
    private final Map<Integer, FunctionMeasurement> sizes = new TreeMap<>();
    private final Map<String, FunctionMeasurement> functions = new TreeMap<>();
    private long used;
    private long found;

    private Calibration(RunBundle bundle, @Nullable Trace trace) {
        this.bundle = bundle;
        this.trace = trace;
        planned = trace == null ? new PlannedWork() : new PlannedWork(trace);
    }

    /**
     * Reads the rows of a bundle.
     *
     * @param trace what was replayed, so that overhead can be told from work; null where that is not known
     * @throws IllegalArgumentException in one line where the run has nothing to measure
     */
    public static MeasuredModel of(RunBundle bundle, @Nullable Trace trace) throws IOException {
        if (!bundle.kind().equals("load") && !bundle.kind().equals("replay")) {
            throw new IllegalArgumentException(
                    bundle.directory() + ": kind: '" + bundle.kind() + "', must be a live run: load or replay");
        }
        Calibration calibration = new Calibration(bundle, trace);
        RunRows.read(bundle, calibration::add);
        return calibration.model();
    }

    private void add(String function, Sample sample) {
        if (!sample.serverKnown || sample.status != SampleStatus.OK) {
            return;
        }
        used++;
        long workNs = planned.take(function, sample.intendedStartNs);
        found += workNs == PlannedWork.UNKNOWN ? 0 : 1;
        pooled.add(sample, workNs);
        sizes.computeIfAbsent(sample.server.memoryMib, _ -> new FunctionMeasurement())
                .add(sample, workNs);
        functions.computeIfAbsent(function, _ -> new FunctionMeasurement()).add(sample, workNs);
    }

    private MeasuredModel model() {
        if (used == 0) {
            throw new IllegalArgumentException(bundle.directory()
                    + ": rows: none that ended well with the server's record, must have one at least");
        }
        if (trace != null && found == 0) {
            throw new IllegalArgumentException(trace.summary().source() + ": trace: has no invocation of run "
                    + bundle.id() + ", must be what it replayed, with the same seed, part and speed");
        }
        List<MeasuredFunction> each = new ArrayList<>();
        functions.forEach((name, measured) -> each.add(measured.toModel(name)));
        // What a size's functions have in common, how much memory they load say, is nearer to one of few samples than
        // all are.
        sizes.values().forEach(measured -> each.add(measured.toModel("")));
        Map<String, String> provenance = provenance();
        String source = "measured in run " + bundle.id() + " on " + provenance.getOrDefault("cpuModel", "unknown")
                + ", " + provenance.getOrDefault("backend", "unknown") + ", " + used + " invocations";
        return new MeasuredModel(
                MeasuredModel.SCHEMA, source, provenance, MEASURED_ON_A_SHARED_CPU, pooled.toModel(""), each);
    }

    private Map<String, String> provenance() {
        JsonNode manifest = bundle.manifest();
        Map<String, String> known = new TreeMap<>();
        known.put("bundle", bundle.id());
        known.put("command", manifest.path("command").asString(""));
        known.put("commit", manifest.path("commit").asString(""));
        known.put("opened", manifest.path("opened").asString(""));
        known.put("backend", manifest.path("backend").asString(""));
        known.put("isolation", manifest.path("isolation").asString(""));
        known.put("emulation", bundle.summary().path("emulation").asString(""));
        known.put("invocations", Long.toString(used));
        known.put(
                "notMeasured",
                "reset and destroy: taken as no time; what inits use of the CPU: they take as long as measured");
        HOST_KEYS.forEach(key -> known.put(key, manifest.path("host").path(key).asString("")));
        return known;
    }
}
