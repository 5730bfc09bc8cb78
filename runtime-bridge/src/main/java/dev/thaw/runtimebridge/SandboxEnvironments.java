package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.DestroyReason;
import dev.thaw.scheduler.core.Environments;
import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.InitializationType;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.core.ResetReason;
import dev.thaw.scheduler.core.Scheduler;
import dev.thaw.scheduler.live.Exchange;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler's environments as real sandboxes.
 *
 * <p>No command waits: each goes to its environment's event loop, directly where that is the scheduler's own thread.
 * Freeze, thaw, reset and destroy go on to one thread, {@code sandbox-ctl}, because the kernel may hold the lock behind
 * those files for milliseconds while other sandboxes come and go. One thread for all keeps their order, so a thaw never
 * overtakes its freeze; the price, one hand-off, is paid only by an invocation that finds a frozen environment.
 *
 * <p>Threading: commands and {@link #removeFunction} on the scheduler's thread; {@link #addFunction} and {@link #takeSnapshot} on any.
 */
final class SandboxEnvironments implements Environments {
    private static final long NS_PER_MS = 1_000_000;

    private final BridgeContext context;
    private final EventLoopGroup eventLoops;
    /** Sets logs of different runs apart. */
    private final long runId = ThreadLocalRandom.current().nextLong();

    /** Null for those that are gone; written anew after each change, so that readers see what it holds. */
    private final AtomicLong snapshots = new AtomicLong();

    private volatile @Nullable DeployedFunction[] functions = new @Nullable DeployedFunction[16];

    private @Nullable SandboxEnvironment[] bySlot = new @Nullable SandboxEnvironment[16];

    SandboxEnvironments(BridgeContext context, EventLoopGroup eventLoops) {
        this.context = context;
        this.eventLoops = eventLoops;
    }

    synchronized void addFunction(int functionId, DeployedFunction function) {
        @Nullable DeployedFunction[] known = functions;
        @Nullable
        DeployedFunction[] more =
                functionId < known.length ? known : Arrays.copyOf(known, Math.max(functionId + 1, 2 * known.length));
        more[functionId] = function;
        functions = more;
    }

    /** Its backend may do something ahead of its first invocation. */
    void expect(DeployedFunction function) {
        if (function.snapshot() == null) {
            EnvironmentLaunch launch = EnvironmentLaunch.at(
                    context.epochClock().time(), function, InitializationType.ON_DEMAND, "expected");
            context.backend().expect(launch.spec(context.config().credentials()));
        }
    }

    /** Nothing of the function runs any more. Scheduler's thread. */
    synchronized void removeFunction(int functionId) {
        @Nullable DeployedFunction[] known = functions;
        DeployedFunction gone = Objects.requireNonNull(known[functionId]);
        known[functionId] = null;
        functions = known;
        for (int slot = 0; slot < bySlot.length; slot++) {
            SandboxEnvironment ended = bySlot[slot];
            if (ended != null && ended.isOf(gone)) {
                bySlot[slot] = null;
            }
        }
    }

    private String logId(long id) {
        return String.format("%016x%016x", runId, id);
    }

    /** Makes a snapshot of an environment that is not the scheduler's. Safe on any thread. */
    CompletableFuture<Snapshot> takeSnapshot(DeployedFunction function, Path folder) {
        // No environment of the scheduler's has a negative id.
        String id = logId(-snapshots.incrementAndGet());
        return SnapshotTaker.take(context, function, eventLoops.next(), folder, id);
    }

    @Override
    public void create(long environmentId, int functionId, int hostId, InitializationType type, long nowNs) {
        int slot = Scheduler.slotOf(environmentId);
        if (slot >= bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, 2 * bySlot.length));
        }
        String logId = logId(environmentId);
        EnvironmentLaunch launch = EnvironmentLaunch.at(
                context.epochClock().time(), Objects.requireNonNull(functions[functionId]), type, logId);
        SandboxEnvironment environment = new SandboxEnvironment(context, launch, eventLoops.next(), environmentId);
        bySlot[slot] = environment;
        environment.create();
    }

    @Override
    @HotPath
    public void dispatch(long environmentId, Invocation invocation, long nowNs) {
        long remainingMs = (invocation.deadlineNs() - nowNs) / NS_PER_MS;
        Exchange exchange = (Exchange) Objects.requireNonNull(invocation.exchange());
        of(environmentId).dispatch(exchange, context.epochClock().time() + remainingMs, nowNs);
    }

    @Override
    public void initialize(long environmentId, Invocation invocation, long nowNs) {
        of(environmentId).initialize((Exchange) Objects.requireNonNull(invocation.exchange()));
    }

    @Override
    public void freeze(long environmentId, long nowNs) {
        of(environmentId).freeze();
    }

    @Override
    public void thaw(long environmentId, long nowNs) {
        of(environmentId).thaw();
    }

    @Override
    public void reset(long environmentId, ResetReason reason, long nowNs) {
        of(environmentId).reset(reason);
    }

    @Override
    public void destroy(long environmentId, DestroyReason reason, long nowNs) {
        of(environmentId).destroy(ShutdownReason.of(reason));
    }

    /** The environment that an invocation was given, or null where it never had one. */
    @HotPath
    @Nullable
    SandboxEnvironment servedBy(Invocation invocation) {
        long environmentId = invocation.environmentId();
        if (environmentId == Invocation.NO_ENVIRONMENT) {
            return null;
        }
        SandboxEnvironment environment = bySlot[Scheduler.slotOf(environmentId)];
        boolean serves = environment != null && environment.environmentId == environmentId;
        return serves ? environment : null;
    }

    @HotPath
    SandboxEnvironment of(long environmentId) {
        return Objects.requireNonNull(bySlot[Scheduler.slotOf(environmentId)]);
    }
}
