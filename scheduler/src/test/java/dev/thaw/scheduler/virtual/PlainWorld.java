package dev.thaw.scheduler.virtual;

import java.util.List;

/** What {@link PlainFleet} is told: one host, functions and arrivals; times in ns, CPU in thousandths of a vCPU. */
record PlainWorld(
        int account,
        long keepAlive,
        long initLimit,
        long freezeDelay,
        long roomWait,
        int memoryMib,
        int cpu,
        String keepAlivePolicy,
        String queueing,
        List<Function> functions,
        List<Arrival> arrivals) {
    /** Each kind of time is the same for every environment of the function. */
    record Function(
            int memoryMib,
            int quota,
            long timeout,
            long create,
            long initRuntime,
            long initFunction,
            int initQuota,
            long thaw,
            long reset,
            long overhang,
            boolean initFails,
            boolean exits) {}

    record Arrival(long at, int function, long work) {}
}
