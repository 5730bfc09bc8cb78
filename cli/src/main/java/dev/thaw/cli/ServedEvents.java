package dev.thaw.cli;

import dev.thaw.scheduler.events.AsyncEvents;
import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.live.Engine;
import dev.thaw.scheduler.live.InternalInvoker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/** Opens the durable queue of asynchronous invocations of a server. */
record ServedEvents(
        EventOptions options,
        long seed,
        Path stateDirectory,
        Function<FunctionRegistry, EventSettings.Source> settings) {
    /** With the settings of functions that come from a template. */
    ServedEvents(EventOptions options, long seed, Path stateDirectory) {
        this(options, seed, stateDirectory, functions -> functionArn -> settingsOf(functions, functionArn));
    }

    /** With the settings that are managed, where they are. */
    ServedEvents of(@Nullable ServedControl control) {
        return control == null
                ? this
                : new ServedEvents(options, seed, stateDirectory, functions -> control.eventSettings());
    }

    /** Not started yet: what it holds may be for functions that come first. */
    AsyncEvents open(FunctionRegistry functions, Engine engine, NanoClock clock, EpochClock epochClock)
            throws IOException {
        return AsyncEvents.open(
                stateDirectory.resolve(AsyncEvents.FILE_NAME),
                options.config(seed),
                new AsyncEvents.Ports(
                        new InternalInvoker(functions, engine.inbox()::offer, clock),
                        settings.apply(functions),
                        options.targetEndpoints(),
                        epochClock,
                        ServedEvents::report));
    }

    /** What makes events by itself for these functions; nothing is read yet. */
    ServedSources sources(FunctionRegistry functions, Engine engine, NanoClock clock, EpochClock epochClock) {
        return new ServedSources(this, new InternalInvoker(functions, engine.inbox()::offer, clock), epochClock);
    }

    static void report(String problem) {
        System.err.println("thaw: " + problem);
    }

    private static EventSettings settingsOf(FunctionRegistry functions, String functionArn) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        InvocationRoute route = reference == null ? null : functions.resolve(reference);
        boolean switchedOff = route != null && route.primary().config().reservedConcurrency() == 0;
        return switchedOff
                ? new EventSettings(
                        EventSettings.DEFAULT_MAX_RETRIES, EventSettings.DEFAULT_MAX_AGE_SEC, null, null, null, true)
                : EventSettings.DEFAULT;
    }
}
