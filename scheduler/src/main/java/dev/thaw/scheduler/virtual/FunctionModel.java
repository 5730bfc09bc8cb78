package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.FunctionSpec;

/**
 * A function in virtual time.
 *
 * @param reservedConcurrency or {@link FunctionSpec#UNRESERVED}
 * @param provisionedConcurrency environments asked for at the start
 */
public record FunctionModel(
        FunctionSpec spec,
        int reservedConcurrency,
        int provisionedConcurrency,
        EnvironmentModel environment,
        WorkModel work,
        FaultModel faults) {
    private static final double MIB_PER_GB = 1_024;

    /** Without reservation, provisioned concurrency or faults. */
    public static FunctionModel of(FunctionSpec spec, EnvironmentModel environment, WorkModel work) {
        return new FunctionModel(spec, FunctionSpec.UNRESERVED, 0, environment, work, FaultModel.NONE);
    }

    public FunctionModel with(FaultModel changed) {
        return new FunctionModel(spec, reservedConcurrency, provisionedConcurrency, environment, work, changed);
    }

    public FunctionModel with(EnvironmentModel changed) {
        return new FunctionModel(spec, reservedConcurrency, provisionedConcurrency, changed, work, faults);
    }

    public FunctionModel with(WorkModel changed) {
        return new FunctionModel(spec, reservedConcurrency, provisionedConcurrency, environment, changed, faults);
    }

    /** The same with so much memory; what its environments take does not change, for their inits have a boost. */
    public FunctionModel withMemoryMib(int memoryMib) {
        FunctionSpec changed =
                new FunctionSpec(spec.name(), memoryMib, spec.timeoutNs(), spec.restored(), spec.overheadMib());
        return new FunctionModel(changed, reservedConcurrency, provisionedConcurrency, environment, work, faults);
    }

    public FunctionModel withProvisioned(int environments) {
        return new FunctionModel(spec, reservedConcurrency, environments, environment, work, faults);
    }

    /** Memory of its provisioned concurrency, in GB of 1024 MiB. */
    public double provisionedGb() {
        return provisionedConcurrency * (spec.memoryMib() / MIB_PER_GB);
    }

    /** CPU that its handler uses, in thousandths of a vCPU. */
    public int workMilliVcpus() {
        return work.milliVcpus() == WorkModel.MEMORY_SHARE ? spec.milliVcpus() : work.milliVcpus();
    }

    /** CPU that an init inside an invocation uses: what init would use, or the memory's share where that is less. */
    int suppressedMilliVcpus() {
        return Math.min(environment.initMilliVcpus(), spec.milliVcpus());
    }

    /** How long an init takes inside an invocation that takes so long with a boost. */
    long suppressedNs(long boostedNs) {
        int slower = suppressedMilliVcpus();
        return slower == environment.initMilliVcpus()
                ? boostedNs
                : Math.round((double) boostedNs * environment.initMilliVcpus() / slower);
    }
}
