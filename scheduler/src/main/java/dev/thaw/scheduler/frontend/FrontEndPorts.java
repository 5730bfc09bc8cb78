package dev.thaw.scheduler.frontend;

import dev.thaw.results.FleetSample;
import dev.thaw.results.RunPlan;
import dev.thaw.results.ServerDescription;
import dev.thaw.results.ServerMetrics;
import dev.thaw.scheduler.core.Invocation;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.frontend.live.LiveReaders;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * What the front end stands on.
 *
 * @param inbox takes an invocation, or says false: it is full
 * @param fleet environments now
 * @param metrics what was counted since the start
 * @param server what the server says of itself, but for its functions
 * @param management the control plane
 * @param events takes asynchronous invocations
 * @param access who is let in, and by which URLs
 * @param live who reads the live page's events; null where there is no such page
 * @param nanoClock times phases
 * @param epochClock dates trace ids
 */
public record FrontEndPorts(
        FunctionRegistry functions,
        Predicate<Invocation> inbox,
        Supplier<CompletableFuture<FleetSample>> fleet,
        Supplier<CompletableFuture<ServerMetrics>> metrics,
        ServerDescription server,
        Management management,
        EventIntake events,
        Access access,
        @Nullable LiveReaders live,
        NanoClock nanoClock,
        EpochClock epochClock) {
    /** Says nothing of itself. */
    static final ServerDescription UNDESCRIBED = new ServerDescription(
            RunPlan.UNKNOWN, RunPlan.UNKNOWN, RunPlan.EXTERNAL, RunPlan.UNKNOWN, Map.of(), Map.of(), List.of());

    /** Open to everybody, without function URLs. */
    public FrontEndPorts(
            FunctionRegistry functions,
            Predicate<Invocation> inbox,
            Supplier<CompletableFuture<FleetSample>> fleet,
            Supplier<CompletableFuture<ServerMetrics>> metrics,
            Management management,
            EventIntake events,
            NanoClock nanoClock,
            EpochClock epochClock) {
        this(
                functions,
                inbox,
                fleet,
                metrics,
                UNDESCRIBED,
                management,
                events,
                Access.open(),
                null,
                nanoClock,
                epochClock);
    }

    /** Without a control plane and asynchronous invocations. */
    public FrontEndPorts(
            FunctionRegistry functions,
            Predicate<Invocation> inbox,
            Supplier<CompletableFuture<FleetSample>> fleet,
            Supplier<CompletableFuture<ServerMetrics>> metrics,
            NanoClock nanoClock,
            EpochClock epochClock) {
        this(functions, inbox, fleet, metrics, Management.NONE, EventIntake.NONE, nanoClock, epochClock);
    }
}
