package dev.thaw.scheduler.core;

import java.util.ArrayList;
import java.util.List;

/** Both ports of a scheduler, written down: one line a command, environments as {@code generation.slot}. */
final class CommandLog implements Environments, Completions {
    private final List<String> lines = new ArrayList<>();

    /** What was commanded since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        add("create", environmentId, " for f" + functionId + " on h" + hostId + word(type));
    }

    private static String word(InitializationType type) {
        return switch (type) {
            case ON_DEMAND -> "";
            case PROVISIONED_CONCURRENCY -> " ahead";
            case SNAP_START -> " restored";
        };
    }

    @Override
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        add("dispatch", environmentId, " i" + invocation.invocationId());
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        add("initialize", environmentId, " i" + invocation.invocationId());
    }

    @Override
    public void freeze(long environmentId, long nowNs) {
        add("freeze", environmentId, "");
    }

    @Override
    public void thaw(long environmentId, long nowNs) {
        add("thaw", environmentId, "");
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        add("reset", environmentId, " " + reason);
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        add("destroy", environmentId, " " + reason);
    }

    @Override
    public void complete(Invocation invocation, Outcome outcome, long nowNs) {
        invocation.finish(nowNs);
        lines.add("complete i" + invocation.invocationId() + " " + outcome);
    }

    @Override
    public void refuse(Invocation invocation, Refusal refusal, long nowNs) {
        invocation.finish(nowNs);
        lines.add("refuse i" + invocation.invocationId() + " " + refusal);
    }

    private void add(String command, long environmentId, String rest) {
        lines.add(command + " " + (environmentId >>> 32) + "." + Scheduler.slotOf(environmentId) + rest);
    }
}
