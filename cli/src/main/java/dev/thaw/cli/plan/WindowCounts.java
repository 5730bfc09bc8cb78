package dev.thaw.cli.plan;

import dev.thaw.cli.plan.PlanFigures.Bill;
import dev.thaw.cli.virtual.Scenario;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.virtual.Simulation;
import dev.thaw.scheduler.virtual.SimulationListener;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Counts by windows while a fleet is simulated. An invocation belongs to the window that it arrived in; what is billed to the
 * one in which it was. Large: {@link WindowFigures} keeps what is made of it.
 */
final class WindowCounts implements SimulationListener {
    private static final int DIGITS = 3;

    private final Simulation simulation;
    private final Windows windows;
    private final WindowBills bills;
    final Histogram[] latency;
    final Histogram[] added;
    final double[] arrived;
    final double[] served;
    final double[] cold;
    final double[] delayed;
    final double[] refused;
    final double[] usd;
    final SimulationTotals totals;

    /** Simulates at once. */
    WindowCounts(Scenario scenario, PlanFigures figures, Windows windows) {
        this.windows = windows;
        int count = windows.count();
        latency = histograms(count);
        added = histograms(count);
        arrived = new double[count];
        served = new double[count];
        cold = new double[count];
        delayed = new double[count];
        refused = new double[count];
        simulation = scenario.prepare(this);
        SimulationTotals soFar = simulation.soFar();
        bills = new WindowBills(windows, figures);
        usd = bills.open(PlanFigures.heldGb(scenario.workload().functions()), () -> Bill.of(soFar));
        totals = simulation.run(scenario.workload().walk());
        bills.close();
    }

    private static Histogram[] histograms(int windows) {
        Histogram[] histograms = new Histogram[windows];
        Arrays.setAll(histograms, _ -> new Histogram(DIGITS));
        return histograms;
    }

    @Override
    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
        bills.until(nowNs);
        int window = windows.at(invocation.startNs());
        arrived[window]++;
        served[window]++;
        cold[window] += invocation.coldTrigger() ? 1 : 0;
        delayed[window] += invocation.coldTrigger() || invocation.coldVictim() ? 1 : 0;
        latency[window].recordValue(invocation.totalNs());
        if (outcome == Outcome.RESPONSE || outcome == Outcome.FUNCTION_ERROR) {
            added[window].recordValue(simulation.addedNs(invocation));
        }
    }

    @Override
    public void refused(Invocation invocation, Refusal refusal, long nowNs) {
        int window = windows.at(invocation.startNs());
        arrived[window]++;
        refused[window]++;
    }
}
