package dev.thaw.scheduler.core;

/**
 * The room that hosts have for environments: memory, CPU share, and how many there may be in all.
 *
 * <p>Threading: the scheduler's.
 */
final class HostRoom {
    /** The number of environments is bounded for the whole fleet: one row. */
    static final int ALL_HOSTS = 0;

    final HostResource memoryMib = new HostResource();
    final HostResource milliVcpus = new HostResource();
    final HostResource count = new HostResource();
    private final FunctionTable functions;
    private int hosts;

    HostRoom(FunctionTable functions, int maxEnvironments) {
        this.functions = functions;
        count.addHost(maxEnvironments);
    }

    int addHost(HostSpec host) {
        memoryMib.addHost(host.memoryMib());
        milliVcpus.addHost(host.milliVcpus());
        return hosts++;
    }

    int hosts() {
        return hosts;
    }

    /** Some host could hold the function's environment if it held nothing else. */
    boolean couldEverHold(int functionId) {
        for (int host = 0; host < hosts; host++) {
            if (memoryMib.capacity(host) >= functions.memoryMib(functionId)
                    && milliVcpus.capacity(host) >= functions.milliVcpus(functionId)) {
                return true;
            }
        }
        return false;
    }

    /** There would be room for one more if everything that is idle went. */
    boolean couldHold(int hostId, int functionId) {
        return memoryMib.free(hostId) + memoryMib.evictable(hostId) >= functions.memoryMib(functionId)
                && milliVcpus.free(hostId) + milliVcpus.evictable(hostId) >= functions.milliVcpus(functionId)
                && count.free(ALL_HOSTS) + count.evictable(ALL_HOSTS) >= 1;
    }

    /** The host has room to promise, not counting how many there may be. */
    boolean isFree(int hostId, int functionId) {
        return memoryMib.free(hostId) >= functions.memoryMib(functionId)
                && milliVcpus.free(hostId) >= functions.milliVcpus(functionId);
    }

    /** There may be one more. */
    boolean isCountFree() {
        return count.free(ALL_HOSTS) >= 1;
    }

    void promise(int hostId, int functionId) {
        memoryMib.promise(hostId, functions.memoryMib(functionId));
        milliVcpus.promise(hostId, functions.milliVcpus(functionId));
        count.promise(ALL_HOSTS, 1);
    }

    void breakPromise(int hostId, int functionId) {
        memoryMib.breakPromise(hostId, functions.memoryMib(functionId));
        milliVcpus.breakPromise(hostId, functions.milliVcpus(functionId));
        count.breakPromise(ALL_HOSTS, 1);
    }

    /** Takes what is promised if nobody has to leave for it any more. */
    boolean take(int hostId, int functionId) {
        int neededMib = functions.memoryMib(functionId);
        int neededMilli = functions.milliVcpus(functionId);
        if (!memoryMib.isFreeNow(hostId, neededMib)
                || !milliVcpus.isFreeNow(hostId, neededMilli)
                || !count.isFreeNow(ALL_HOSTS, 1)) {
            return false;
        }
        memoryMib.take(hostId, neededMib);
        milliVcpus.take(hostId, neededMilli);
        count.take(ALL_HOSTS, 1);
        return true;
    }

    void startLeaving(int hostId, int functionId) {
        memoryMib.startLeaving(hostId, functions.memoryMib(functionId));
        milliVcpus.startLeaving(hostId, functions.milliVcpus(functionId));
        count.startLeaving(ALL_HOSTS, 1);
    }

    void release(int hostId, int functionId, boolean wasLeaving) {
        memoryMib.release(hostId, functions.memoryMib(functionId), wasLeaving);
        milliVcpus.release(hostId, functions.milliVcpus(functionId), wasLeaving);
        count.release(ALL_HOSTS, 1, wasLeaving);
    }
}
