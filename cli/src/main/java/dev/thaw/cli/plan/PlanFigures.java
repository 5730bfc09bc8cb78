package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Scenario;
import dev.thaw.cli.virtual.Sweep;
import dev.thaw.results.PlanFigure;
import dev.thaw.results.cost.PriceList;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.virtual.FunctionModel;
import dev.thaw.scheduler.virtual.SimulationTotals;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a plan tells of a simulated fleet, its prices included.
 *
 * @param hostUsdPerHour 0 where nobody gave one
 */
record PlanFigures(PriceList prices, double hostUsdPerHour) {
    private static final double PERCENT = 100;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_HOUR = 3.6e12;

    /** What has been billed until some moment. */
    record Bill(double onDemandGbS, double onProvisionedGbS, double initGbS, long served) {
        static Bill of(SimulationTotals totals) {
            return new Bill(
                    totals.billedGbS() - totals.billedProvisionedGbS(),
                    totals.billedProvisionedGbS(),
                    totals.billedInitGbS(),
                    PlanFigures.served(totals));
        }

        /** Of one function, of which so many were served. */
        static Bill of(SimulationTotals totals, int functionId, long served) {
            return new Bill(
                    totals.billedOnDemandGbS(functionId),
                    totals.billedProvisionedGbS(functionId),
                    totals.billedInitGbS(functionId),
                    served);
        }

        Bill since(Bill before) {
            return new Bill(
                    onDemandGbS - before.onDemandGbS,
                    onProvisionedGbS - before.onProvisionedGbS,
                    initGbS - before.initGbS,
                    served - before.served);
        }
    }

    static long served(SimulationTotals totals) {
        long served = 0;
        for (Outcome outcome : Outcome.values()) {
            served += totals.count(outcome);
        }
        return served;
    }

    Map<String, Double> of(Scenario scenario, SimulationTotals totals) {
        Map<String, Double> figures = new TreeMap<>(Sweep.figures(totals));
        long served = served(totals);
        put(figures, PlanFigure.DELAYED, percent(totals.coldTriggers() + totals.coldVictims(), served));
        for (PlanFigure figure : PlanFigure.values()) {
            if (figure.percentile() > 0) {
                Histogram histogram = figure.isAdded() ? totals.added() : totals.latency();
                put(figures, figure, histogram.getValueAtPercentile(figure.percentile()) / NS_PER_MS);
            }
        }
        double held = heldGbS(scenario.workload().functions(), totals);
        Bill bill = Bill.of(totals);
        put(figures, PlanFigure.PROVISIONED_GB_S, held);
        put(figures, PlanFigure.USD, usd(bill, held));
        put(figures, PlanFigure.USD_INITS_FREE, usd(bill, held) - prices.usd(bill.initGbS));
        double hours = scenario.hosts().size() * (totals.endNs() / NS_PER_HOUR);
        put(figures, PlanFigure.FLEET_HOURS, hours);
        if (hostUsdPerHour > 0) {
            put(figures, PlanFigure.HOSTS_USD, hours * hostUsdPerHour);
        }
        return figures;
    }

    /** Memory of all provisioned environments, in GB. */
    static double heldGb(List<FunctionModel> functions) {
        return functions.stream().mapToDouble(FunctionModel::provisionedGb).sum();
    }

    /** The same for all of a simulation's time. */
    static double heldGbS(List<FunctionModel> functions, SimulationTotals totals) {
        return heldGb(functions) * totals.endNs() / NS_PER_S;
    }

    /** As billed since August 2025. */
    double usd(Bill bill, double heldGbS) {
        return prices.usd(bill.onDemandGbS + bill.initGbS)
                + prices.provisionedUsd(heldGbS, bill.onProvisionedGbS)
                + PriceList.requestsUsd(bill.served);
    }

    /** All that is paid for a function of which so many were served, its provisioned concurrency included. */
    double usd(FunctionModel model, SimulationTotals totals, int functionId, long served) {
        return usd(Bill.of(totals, functionId, served), heldGbS(List.of(model), totals));
    }

    private static void put(Map<String, Double> figures, PlanFigure figure, double value) {
        figures.put(figure.key(), value);
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : PERCENT * part / whole;
    }
}
