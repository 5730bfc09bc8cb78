package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.Outcome;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.core.SchedulerConfig;
import java.util.ArrayList;
import java.util.List;

/** Small simulations of given arrivals; what they did, one line for each ending and each environment. */
final class SimulationBed {
    static final long NS_PER_MS = 1_000_000;
    private static final int PLENTY = 4_000_000;

    private SimulationBed() {}

    static SchedulerConfig config(int accountConcurrency, long keepAliveNs) {
        return new SchedulerConfig(
                accountConcurrency, keepAliveNs, 10_000 * NS_PER_MS, Long.MAX_VALUE, Long.MAX_VALUE, 1 << 20);
    }

    /** A host that can hold anything and has so much CPU. */
    static VirtualHost host(int milliVcpus) {
        return new VirtualHost(new HostSpec("h", Integer.MAX_VALUE, Integer.MAX_VALUE), milliVcpus);
    }

    static VirtualHost host() {
        return host(PLENTY);
    }

    static FunctionSpec spec(String name, int memoryMib) {
        return new FunctionSpec(name, memoryMib, 900_000 * NS_PER_MS);
    }

    static SimulationPlan plan(SchedulerConfig config, VirtualHost host, List<FunctionModel> functions, long seed) {
        return new SimulationPlan(config, List.of(host), functions, seed);
    }

    static DurationModel ms(long ms) {
        return new DurationModel.Constant(ms * NS_PER_MS);
    }

    record Arrival(long atNs, int functionId, long workNs) {
        static Arrival ms(long atMs, int functionId, long workMs) {
            return new Arrival(atMs * NS_PER_MS, functionId, workMs * NS_PER_MS);
        }
    }

    static ArrivalSource arrivals(List<Arrival> arrivals) {
        return new ArrivalSource() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < arrivals.size();
            }

            @Override
            public long atNs() {
                return arrivals.get(at).atNs();
            }

            @Override
            public int functionId() {
                return arrivals.get(at).functionId();
            }

            @Override
            public long workNs() {
                return arrivals.get(at).workNs();
            }
        };
    }

    /** Writes down what happens. */
    static final class Log implements SimulationListener {
        final List<String> lines = new ArrayList<>();

        @Override
        public void ended(Invocation invocation, Outcome outcome, long nowNs) {
            lines.add(nowNs + " f" + invocation.functionId() + "#" + invocation.invocationId() + " " + outcome
                    + (invocation.coldTrigger() ? " cold" : "")
                    + (invocation.suppressedInit() ? " again" : ""));
        }

        @Override
        public void refused(Invocation invocation, Refusal refusal, long nowNs) {
            lines.add(nowNs + " f" + invocation.functionId() + "#" + invocation.invocationId() + " " + refusal);
        }

        @Override
        public void created(long environmentId, int functionId, int hostId, long nowNs) {
            lines.add(nowNs + " f" + functionId + " created");
        }

        @Override
        public void destroyed(long environmentId, long nowNs) {
            lines.add(nowNs + " destroyed");
        }
    }
}
