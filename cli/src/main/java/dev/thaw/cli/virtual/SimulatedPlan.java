package dev.thaw.cli.virtual;

import dev.thaw.results.RunPlan;
import dev.thaw.results.RunPlan.RunFunction;
import dev.thaw.results.VirtualRecorder;
import java.util.List;
import java.util.Map;

/** What a simulation's manifest says. */
public final class SimulatedPlan {
    private SimulatedPlan() {}

    /** Of a scenario; {@code configuration} has every setting that can change a figure. */
    public static RunPlan of(Scenario scenario, String name, String command, Map<String, String> configuration) {
        Workload workload = scenario.workload();
        List<RunFunction> functions = workload.functions().stream()
                .map(each -> new RunFunction(each.spec().name(), each.spec().memoryMib(), RunPlan.UNKNOWN))
                .toList();
        return new RunPlan(
                VirtualRecorder.KIND,
                name,
                command,
                configuration,
                scenario.seed(),
                VirtualRecorder.BACKEND,
                "none: nothing runs in virtual time",
                Map.of(),
                false,
                functions,
                workload.invocations(),
                workload.durationNs(),
                RunPlan.DEFAULT_LATENESS_BUDGET_NS);
    }
}
