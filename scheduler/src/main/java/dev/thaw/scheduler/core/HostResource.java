package dev.thaw.scheduler.core;

import java.util.Arrays;

/**
 * One resource (memory, CPU share, or the number of environments) of every host: how much there is, and who holds it.
 *
 * <pre>
 * capacity = free now + taken            taken: by environments that exist; create is sent only into what is free now
 * free     = capacity - taken + leaving - promised
 * </pre>
 *
 * {@code leaving} is the part of {@code taken} that is being destroyed, {@code promised} goes to environments whose
 * create waits for that. Free is never negative, so every promise is kept once the destroyed ones are gone.
 */
final class HostResource {
    private int[] capacity = new int[0];
    private int[] taken = new int[0];
    private int[] free = new int[0];
    private int[] evictable = new int[0];

    void addHost(int amount) {
        int host = capacity.length;
        capacity = Arrays.copyOf(capacity, host + 1);
        taken = Arrays.copyOf(taken, host + 1);
        free = Arrays.copyOf(free, host + 1);
        evictable = Arrays.copyOf(evictable, host + 1);
        capacity[host] = amount;
        free[host] = amount;
    }

    int capacity(int host) {
        return capacity[host];
    }

    /** What can be promised without destroying anything more. */
    @HotPath
    int free(int host) {
        return free[host];
    }

    /** What idle environments hold. */
    @HotPath
    int evictable(int host) {
        return evictable[host];
    }

    boolean isFreeNow(int host, int amount) {
        return capacity[host] - taken[host] >= amount;
    }

    void promise(int host, int amount) {
        free[host] -= amount;
    }

    void breakPromise(int host, int amount) {
        free[host] += amount;
    }

    /** Promised before. */
    void take(int host, int amount) {
        taken[host] += amount;
    }

    void startLeaving(int host, int amount) {
        free[host] += amount;
    }

    void release(int host, int amount, boolean wasLeaving) {
        taken[host] -= amount;
        if (!wasLeaving) {
            free[host] += amount;
        }
    }

    @HotPath
    void becomeEvictable(int host, int amount) {
        evictable[host] += amount;
    }

    @HotPath
    void becomeUsed(int host, int amount) {
        evictable[host] -= amount;
    }
}
