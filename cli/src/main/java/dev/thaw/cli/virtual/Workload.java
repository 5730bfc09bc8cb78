package dev.thaw.cli.virtual;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFunction;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.virtual.ArrivalSource;
import dev.thaw.scheduler.virtual.DurationModel;
import dev.thaw.scheduler.virtual.EnvironmentModel;
import dev.thaw.scheduler.virtual.FaultModel;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.WorkModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What comes to a fleet: a trace's invocations, and functions whose durations come from a model.
 *
 * <p>Threading: immutable; each walk over the arrivals belongs to one thread.
 */
public final class Workload {
    /** A trace's duration is never cut by a default: the longest that there is. */
    private static final long TRACE_TIMEOUT_NS = 900_000_000_000L;

    private static final long NS_PER_US = 1_000;

    /**
     * What is known twice.
     *
     * @param workOfModel invocations last as the model has it, not as the trace says
     * @param initOfTrace inits take what the trace says of them, where it does, not what the model has
     * @param sharedByApplication an environment serves every function of its application
     */
    public record Choice(boolean workOfModel, boolean initOfTrace, boolean sharedByApplication) {}

    private final Trace trace;
    private final MeasuredModel model;
    private final Choice choice;
    /** Those that have environments, and which of them each function of the trace is served by. */
    private final List<FunctionModel> functions;

    private final int[] servedBy;
    /** By which handlers take longer than trace or model have it. */
    private final double[] workFactors;

    private final int fromTemplate;

    private Workload(Trace trace, MeasuredModel model, Map<String, FunctionConfig> template, Choice choice) {
        this.trace = trace;
        this.model = model;
        this.choice = choice;
        Applications units = Applications.of(trace.functions(), choice.sharedByApplication());
        servedBy = units.servedBy();
        List<FunctionModel> made = new ArrayList<>();
        int found = 0;
        for (TraceFunction function : units.functions()) {
            FunctionConfig config = template.getOrDefault(function.name(), template.get(function.source()));
            found += config == null ? 0 : 1;
            made.add(config == null ? ofTrace(function) : ofTemplate(function, config));
        }
        functions = List.copyOf(made);
        workFactors = new double[made.size()];
        Arrays.fill(workFactors, 1);
        fromTemplate = found;
    }

    private Workload(Workload same, List<FunctionModel> functions, double[] workFactors) {
        trace = same.trace;
        model = same.model;
        choice = same.choice;
        servedBy = same.servedBy;
        fromTemplate = same.fromTemplate;
        this.functions = List.copyOf(functions);
        this.workFactors = workFactors;
    }

    /** The same arrivals on changed functions, as many and in the same order; what works how long does not change. */
    public Workload with(List<FunctionModel> changed) {
        return new Workload(this, changed, workFactors);
    }

    /** The same with handlers that take so many times as long. */
    public Workload with(List<FunctionModel> changed, double[] factors) {
        if (!choice.workOfModel()) {
            return new Workload(this, changed, factors.clone());
        }
        List<FunctionModel> scaled = new ArrayList<>();
        for (int function = 0; function < factors.length; function++) {
            WorkModel work = changed.get(function).work();
            DurationModel handler = new DurationModel.Scaled(work.handler(), factors[function]);
            scaled.add(changed.get(function)
                    .with(new WorkModel(handler, work.overhang(), work.milliVcpus(), work.overhead())));
        }
        return new Workload(this, scaled, workFactors);
    }

    /** Refuses a template that has nothing to do with the trace. */
    public static Workload of(Trace trace, MeasuredModel model, List<FunctionConfig> template, Choice choice) {
        Map<String, FunctionConfig> byName =
                template.stream().collect(Collectors.toMap(FunctionConfig::name, Function.identity()));
        Workload made = new Workload(trace, model, byName, choice);
        if (!template.isEmpty() && made.fromTemplate == 0) {
            throw new IllegalArgumentException("template: has none of the trace's "
                    + trace.functions().size() + " functions, such as '"
                    + trace.functions().getFirst().name() + "', must have one of that name at least");
        }
        return made;
    }

    private FunctionModel ofTrace(TraceFunction function) {
        return function(function, function.name(), function.memoryMib(), TRACE_TIMEOUT_NS, FunctionSpec.UNRESERVED);
    }

    private FunctionModel ofTemplate(TraceFunction function, FunctionConfig config) {
        return function(function, config.name(), config.memoryMib(), config.timeoutNs(), config.reservedConcurrency());
    }

    private FunctionModel function(
            TraceFunction function, String name, int memoryMib, long timeoutNs, int reservedConcurrency) {
        FunctionSpec spec = new FunctionSpec(name, memoryMib, timeoutNs, model.isRestored(name, memoryMib));
        EnvironmentModel environment = EnvironmentModel.of(
                        // A restore is measured from the beginning.
                        spec.restored() ? DurationModel.NONE : of(Part.CREATE, spec),
                        of(Part.INIT_RUNTIME, spec),
                        initOf(function, spec),
                        model.initMilliVcpus(),
                        of(Part.THAW, spec),
                        of(Part.RESET, spec),
                        of(Part.DESTROY, spec))
                .withRestore(of(Part.RESTORE, spec));
        DurationModel handler = of(Part.INVOKE, spec);
        if (choice.workOfModel() && handler.equals(DurationModel.NONE)) {
            throw new IllegalArgumentException(
                    "--work: model says nothing of how long handlers work (invoke), such as of " + name);
        }
        WorkModel work = new WorkModel(
                handler,
                of(Part.OVERHANG, spec),
                model.milliVcpus(spec.name(), spec.memoryMib()),
                choice.workOfModel() ? DurationModel.NONE : of(Part.OVERHEAD, spec));
        return new FunctionModel(spec, reservedConcurrency, 0, environment, work, FaultModel.NONE);
    }

    private DurationModel initOf(TraceFunction function, FunctionSpec spec) {
        return choice.initOfTrace() && function.initUs() != TraceFunction.UNKNOWN_INIT
                ? new DurationModel.Constant(function.initUs() * NS_PER_US)
                : of(Part.INIT_FUNCTION, spec);
    }

    private DurationModel of(Part part, FunctionSpec spec) {
        return model.duration(part, spec.name(), spec.memoryMib());
    }

    /** In the order of the arrivals' ids. */
    public List<FunctionModel> functions() {
        return functions;
    }

    /** What a client waits beyond what the fleet takes: front end and network. */
    public DurationModel outside(int functionId) {
        return of(Part.OUTSIDE, functions.get(functionId).spec());
    }

    /** The same for somebody who only looks at it. */
    public ArrivalSource walk() {
        return arrivals();
    }

    /** A new walk over the arrivals, always the same. */
    StoppableArrivals arrivals() {
        return new StoppableArrivals(trace.arrivalSource(), choice.workOfModel(), servedBy, workFactors);
    }

    public long invocations() {
        return trace.summary().invocations();
    }

    public long durationNs() {
        return trace.summary().durationNs();
    }

    /** What was taken in place of what the trace does not say, and where durations come from otherwise. */
    public List<String> assumptions() {
        List<String> lines = new ArrayList<>(trace.summary().notes());
        lines.add(model.source());
        return lines;
    }

    /** For a run's configuration. */
    public Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>(trace.asConfiguration());
        boolean traceInits = choice.initOfTrace()
                && trace.functions().stream().anyMatch(each -> each.initUs() != TraceFunction.UNKNOWN_INIT);
        settings.put("model", (traceInits ? "inits as the trace says; where it does not, " : "") + model.source());
        settings.put("work", choice.workOfModel() ? "model" : "trace");
        settings.put("init", choice.initOfTrace() ? "trace, else model" : "model");
        settings.put("sharing", choice.sharedByApplication() ? "application" : "function");
        settings.put("functionsFromTemplate", Integer.toString(fromTemplate));
        model.provenance().forEach((key, value) -> settings.put("model." + key, value));
        return settings;
    }
}
