package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.HotPath;
import java.util.Arrays;

/** How long each function's handler is at work: the weighted mean of what was seen, an eighth of it the last one. */
final class ExpectedWork {
    private static final int FIRST_CAPACITY = 64;
    private static final int SHIFT = 3;

    private long[] meansNs = new long[0];

    /** 0 of an invocation that never got to its handler. */
    @HotPath
    void add(int functionId, long workNs) {
        if (workNs == 0) {
            return;
        }
        if (functionId >= meansNs.length) {
            slowAdd(functionId);
        }
        long before = meansNs[functionId];
        meansNs[functionId] = before == 0 ? workNs : before + ((workNs - before) >> SHIFT);
    }

    /** 0 of a function that nothing is known of. */
    long ns(int functionId) {
        return functionId < meansNs.length ? meansNs[functionId] : 0;
    }

    private void slowAdd(int functionId) {
        meansNs = Arrays.copyOf(meansNs, Math.max(FIRST_CAPACITY, functionId * 2));
    }
}
