package dev.thaw.cli;

import dev.thaw.cli.plan.Objectives;
import dev.thaw.cli.plan.PlanQuestion.SizingQuestion;
import dev.thaw.loadgen.trace.TraceFunction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What memory by function is asked for. */
final class SizingOptions {
    private static final int MAX_FUNCTIONS = 1_000;

    @Option(
            names = "--memory-functions",
            paramLabel = "N",
            description = "Memory of the N functions that cost most; 0 for none (default: ${DEFAULT-VALUE}).")
    private int functions = 10;

    @Option(
            names = "--memory-objective",
            paramLabel = "pNN<BOUND",
            description =
                    "What each of them is to hold (default: the objective's first latency, or its p99 no longer than"
                            + " it is).")
    private @Nullable String objective;

    @Option(
            names = "--memory-sizes",
            paramLabel = "MIB",
            split = ",",
            description = "Sizes to choose from (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes = List.of(128, 256, 512, 1_024, 1_769, 3_008, 5_307, 10_240);

    @Option(
            names = "--cpu-part",
            paramLabel = "PERCENT",
            description =
                    "How much of a handler's duration is CPU, where no model says (default: unknown, and no size is"
                            + " chosen).")
    private @Nullable Double cpuPart;

    @Option(
            names = "--smaller-memory",
            description = "Also sizes below what the trace has, which may be what functions use.")
    private boolean smaller;

    SizingQuestion question() {
        if (functions < 0 || functions > MAX_FUNCTIONS) {
            throw new WrongUse("--memory-functions: " + functions + ", must be 0 to " + MAX_FUNCTIONS);
        }
        for (int mib : sizes) {
            if (mib < TraceFunction.MIN_MEMORY_MIB || mib > TraceFunction.MAX_MEMORY_MIB) {
                throw new WrongUse("--memory-sizes: " + mib + ", must be 128 to 10240");
            }
        }
        Double part = cpuPart;
        if (part != null && !(part >= 0 && part <= 100)) {
            throw new WrongUse("--cpu-part: " + part + ", must be 0 to 100");
        }
        return new SizingQuestion(
                functions,
                objective == null ? null : OptionText.parse("--memory-objective", objective, Objectives::parseLatency),
                sizes,
                part == null ? null : (Double) (part / 100),
                smaller);
    }

    /** For manifests. */
    Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("memoryFunctions", Integer.toString(functions));
        settings.put("memoryObjective", objective == null ? "" : objective);
        settings.put(
                "memorySizes",
                String.join(",", sizes.stream().map(String::valueOf).toList()));
        settings.put("cpuPart", cpuPart == null ? "" : cpuPart.toString());
        settings.put("smallerMemory", Boolean.toString(smaller));
        return settings;
    }
}
