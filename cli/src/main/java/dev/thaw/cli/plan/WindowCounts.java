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
    private static final double NS_PER_S = 1e9;

    private final PlanFigures figures;
    private final Simulation simulation;
    private final int windows;
    private final long windowNs;
    private final double windowHeldGbS;
    final Histogram[] latency;
    final Histogram[] added;
    final double[] arrived;
    final double[] served;
    final double[] cold;
    final double[] delayed;
    final double[] refused;
    final double[] usd;
    final SimulationTotals totals;
    private int billing;
    private Bill billed = new Bill(0, 0, 0, 0);

    /** Simulates at once. */
    WindowCounts(Scenario scenario, PlanFigures figures, int windows, long durationNs) {
        this.figures = figures;
        this.windows = windows;
        windowNs = Math.max(1, Math.ceilDiv(durationNs, windows));
        latency = histograms(windows);
        added = histograms(windows);
        arrived = new double[windows];
        served = new double[windows];
        cold = new double[windows];
        delayed = new double[windows];
        refused = new double[windows];
        usd = new double[windows];
        windowHeldGbS = PlanFigures.heldGb(scenario.workload().functions()) * windowNs / NS_PER_S;
        simulation = scenario.prepare(this);
        totals = simulation.run(scenario.workload().walk());
        bill();
    }

    private static Histogram[] histograms(int windows) {
        Histogram[] histograms = new Histogram[windows];
        Arrays.setAll(histograms, _ -> new Histogram(DIGITS));
        return histograms;
    }

    private int window(long arrivalNs) {
        return (int) Math.min(windows - 1, arrivalNs / windowNs);
    }

    @Override
    public void ended(Invocation invocation, Outcome outcome, long nowNs) {
        billUntil(nowNs);
        int window = window(invocation.startNs());
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
        int window = window(invocation.startNs());
        arrived[window]++;
        refused[window]++;
    }

    /** Closes the bills of windows that are over; the last one is when everything is. */
    private void billUntil(long nowNs) {
        while (billing < windows - 1 && nowNs > (billing + 1) * windowNs) {
            bill();
            billing++;
        }
    }

    private void bill() {
        Bill now = Bill.of(simulation.soFar());
        usd[billing] = figures.usd(now.since(billed), windowHeldGbS);
        billed = now;
    }
}
