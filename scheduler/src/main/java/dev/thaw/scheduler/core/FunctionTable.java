package dev.thaw.scheduler.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the scheduler keeps of each function, as parallel arrays. Functions of one name, its versions and their revisions,
 * are one group.
 */
final class FunctionTable {
    private final Map<String, Integer> groupsByName = new HashMap<>();
    private final List<String> groupNames = new ArrayList<>();
    private int[] groups = new int[0];
    private int[] memoryMib = new int[0];
    private int[] milliVcpus = new int[0];
    private long[] timeoutsNs = new long[0];
    private int[] environments = new int[0];
    private boolean[] retired = new boolean[0];
    private boolean[] restored = new boolean[0];
    private int count;

    int add(FunctionSpec function) {
        if (count == memoryMib.length) {
            int capacity = Math.max(16, count * 2);
            groups = Arrays.copyOf(groups, capacity);
            memoryMib = Arrays.copyOf(memoryMib, capacity);
            milliVcpus = Arrays.copyOf(milliVcpus, capacity);
            timeoutsNs = Arrays.copyOf(timeoutsNs, capacity);
            environments = Arrays.copyOf(environments, capacity);
            retired = Arrays.copyOf(retired, capacity);
            restored = Arrays.copyOf(restored, capacity);
        }
        groups[count] = groupOf(function.name());
        memoryMib[count] = function.hostMemoryMib();
        milliVcpus[count] = function.milliVcpus();
        timeoutsNs[count] = function.timeoutNs();
        restored[count] = function.restored();
        return count++;
    }

    /** The group of a name, made where it is new. */
    int groupOf(String name) {
        return groupsByName.computeIfAbsent(name, added -> {
            groupNames.add(added);
            return groupNames.size() - 1;
        });
    }

    int count() {
        return count;
    }

    int groupCount() {
        return groupNames.size();
    }

    String groupName(int group) {
        return groupNames.get(group);
    }

    @HotPath
    int groupOf(int functionId) {
        return groups[functionId];
    }

    /** Of its host, by each environment. */
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

    /** Its environments go on from a snapshot. */
    boolean isRestored(int functionId) {
        return restored[functionId];
    }

    /** Promised ones included. */
    @HotPath
    int environments(int functionId) {
        return environments[functionId];
    }

    void countEnvironment(int functionId, int change) {
        environments[functionId] += change;
    }

    @HotPath
    boolean isRetired(int functionId) {
        return retired[functionId];
    }

    void retire(int functionId) {
        retired[functionId] = true;
    }
}
