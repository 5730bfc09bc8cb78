package dev.thaw.scheduler.core;

import java.util.Arrays;

/** What the scheduler keeps of each function, as parallel arrays. */
final class FunctionTable {
    private int[] memoryMib = new int[0];
    private int[] milliVcpus = new int[0];
    private long[] timeoutsNs = new long[0];
    private int count;

    int add(FunctionSpec function) {
        if (count == memoryMib.length) {
            int capacity = Math.max(16, count * 2);
            memoryMib = Arrays.copyOf(memoryMib, capacity);
            milliVcpus = Arrays.copyOf(milliVcpus, capacity);
            timeoutsNs = Arrays.copyOf(timeoutsNs, capacity);
        }
        memoryMib[count] = function.memoryMib();
        milliVcpus[count] = function.milliVcpus();
        timeoutsNs[count] = function.timeoutNs();
        return count++;
    }

    @HotPath
    int memoryMib(int functionId) {
        return memoryMib[functionId];
    }

    @HotPath
    int milliVcpus(int functionId) {
        return milliVcpus[functionId];
    }

    @HotPath
    long timeoutNs(int functionId) {
        return timeoutsNs[functionId];
    }
}
