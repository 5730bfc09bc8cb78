package dev.thaw.scheduler.core;

import java.util.ArrayList;
import java.util.List;

/** A fleet written down by hand, for policies to read. Idle environments are added from least to most recently used. */
final class FakeFleetView implements FleetView {
    private record Host(int freeMib, int freeMilli) {}

    private record Idle(int functionId, int hostId, boolean needsInit, long sinceNs) {}

    private final List<Host> hosts = new ArrayList<>();
    private final List<Idle> idle = new ArrayList<>();
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
    public boolean needsInit(int slot) {
        return idle.get(slot).needsInit();
    }

    @Override
    public long idleSinceNs(int slot) {
        return idle.get(slot).sinceNs();
    }

    @Override
    public int memoryMibOf(int functionId) {
        return memoryMibPerFunction;
    }

    private int idleOn(int hostId) {
        return (int) idle.stream().filter(one -> one.hostId() == hostId).count();
    }

    private int idleBelow(int slot, int functionId) {
        int below = slot - 1;
        while (below >= 0 && idle.get(below).functionId() != functionId) {
            below--;
        }
        return below;
    }

    private int idleFrom(int slot, int hostId) {
        for (int from = slot; from < idle.size(); from++) {
            if (idle.get(from).hostId() == hostId) {
                return from;
            }
        }
        return -1;
    }
}
