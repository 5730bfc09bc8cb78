package dev.thaw.scheduler.policy;

import dev.thaw.scheduler.core.FleetView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A fleet written down by hand, for policies to read. Idle environments are added from least to most recently used. */
final class FakeFleetView implements FleetView {
    static final int HOST_MIB = 10_000;
    static final int HOST_MILLI_VCPUS = 10_000;

    private record Host(int freeMib, int freeMilli) {}

    private record Idle(int functionId, int hostId, boolean needsInit, long sinceNs) {}

    private final List<Host> hosts = new ArrayList<>();
    private final List<Idle> idle = new ArrayList<>();
    private final Set<Integer> fresh = new HashSet<>();
    private final Set<Integer> left = new HashSet<>();
    private final Map<Integer, Integer> memoryMibByFunction = new HashMap<>();
    private final int memoryMibPerFunction;

    FakeFleetView(int memoryMibPerFunction) {
        this.memoryMibPerFunction = memoryMibPerFunction;
    }

    FakeFleetView host(int freeMib, int freeMilli) {
        hosts.add(new Host(freeMib, freeMilli));
        return this;
    }

    /** Slots count from 0 in the order of these calls. Those that need init go first: they come after the ready ones. */
    FakeFleetView idle(int functionId, int hostId, boolean needsInit) {
        idle.add(new Idle(functionId, hostId, needsInit, idle.size()));
        return this;
    }

    /** The environment is at work, or gone. */
    void leave(int slot) {
        left.add(slot);
    }

    void comeBack(int slot) {
        left.remove(slot);
    }

    void neverServed(int slot) {
        fresh.add(slot);
    }

    FakeFleetView memory(int functionId, int memoryMib) {
        memoryMibByFunction.put(functionId, memoryMib);
        return this;
    }

    @Override
    public int hostCount() {
        return hosts.size();
    }

    @Override
    public int freeMemoryMib(int hostId) {
        return hosts.get(hostId).freeMib();
    }

    @Override
    public int freeMilliVcpus(int hostId) {
        return hosts.get(hostId).freeMilli();
    }

    @Override
    public int evictableMemoryMib(int hostId) {
        return idleOn(hostId) * memoryMibPerFunction;
    }

    @Override
    public int evictableMilliVcpus(int hostId) {
        return idleOn(hostId) * 100;
    }

    @Override
    public int firstIdle(int functionId) {
        return idleBelow(idle.size(), functionId);
    }

    @Override
    public int nextIdle(int slot) {
        return idleBelow(slot, idle.get(slot).functionId());
    }

    @Override
    public int leastRecentIdle(int hostId) {
        return idleFrom(0, hostId);
    }

    @Override
    public int nextMoreRecentIdle(int slot) {
        return idleFrom(slot + 1, idle.get(slot).hostId());
    }

    @Override
    public int functionOf(int slot) {
        return idle.get(slot).functionId();
    }

    @Override
    public int hostOf(int slot) {
        return idle.get(slot).hostId();
    }

    @Override
    public int hostMemoryMib(int hostId) {
        return HOST_MIB;
    }

    @Override
    public int hostMilliVcpus(int hostId) {
        return HOST_MILLI_VCPUS;
    }

    @Override
    public boolean isEvictable(int slot) {
        return slot < idle.size() && !left.contains(slot);
    }

    @Override
    public boolean hasServed(int slot) {
        return !fresh.contains(slot);
    }

    @Override
    public long timeoutNsOf(int functionId) {
        return (functionId + 1) * 1_000_000_000L;
    }

    @Override
    public String nameOf(int functionId) {
        return "f" + functionId;
    }

    @Override
    public int environmentsOf(int functionId) {
        int count = 0;
        for (int slot = firstIdle(functionId); slot != -1; slot = nextIdle(slot)) {
            count++;
        }
        return count;
    }

    @Override
    public boolean needsInit(int slot) {
        return idle.get(slot).needsInit();
    }

    @Override
    public long idleSinceNs(int slot) {
        return idle.get(slot).sinceNs();
    }

    @Override
    public int memoryMibOf(int functionId) {
        return memoryMibByFunction.getOrDefault(functionId, memoryMibPerFunction);
    }

    private int idleOn(int hostId) {
        return (int) idle.stream().filter(one -> one.hostId() == hostId).count();
    }

    private int idleBelow(int slot, int functionId) {
        int below = slot - 1;
        while (below >= 0 && (left.contains(below) || idle.get(below).functionId() != functionId)) {
            below--;
        }
        return below;
    }

    private int idleFrom(int slot, int hostId) {
        for (int from = slot; from < idle.size(); from++) {
            if (idle.get(from).hostId() == hostId && !left.contains(from)) {
                return from;
            }
        }
        return -1;
    }
}
