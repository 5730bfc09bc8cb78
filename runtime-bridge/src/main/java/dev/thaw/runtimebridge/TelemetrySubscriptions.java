package dev.thaw.runtimebridge;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has subscribed to the telemetry of one run (wire.md W3). Extensions may until init is over.
 *
 * <p>Threading: the run's event loop.
 */
final class TelemetrySubscriptions {
    private final TelemetryFeed feed;
    private final EnvironmentLog log;
    private final FunctionLogs logs;
    private final TelemetryDelivery delivery;
    private final TelemetryCourier.Connector sandbox;
    private final Set<String> subscribed = new HashSet<>();
    private final List<Snapshot.Subscription> accepted = new ArrayList<>();
    private boolean open = true;

    TelemetrySubscriptions(
            TelemetryFeed feed,
            EnvironmentLog log,
            FunctionLogs logs,
            TelemetryDelivery delivery,
            TelemetryCourier.Connector sandbox) {
        this.feed = feed;
        this.log = log;
        this.logs = logs;
        this.delivery = delivery;
        this.sandbox = sandbox;
    }

    TelemetryFeed feed() {
        return feed;
    }

    /**
     * Subscribes the extension {@code name}; once for each API, what it asks for again changes nothing. {@code body} is
     * null where it was too long. Returns why not, or null.
     */
    @Nullable
    RuntimeRefusal subscribe(String name, TelemetryApi api, byte @Nullable [] body) {
        if (!open) {
            return new RuntimeRefusal(
                    403, api.title + ".SubscriptionClosed", api.title + " API subscription is closed already");
        }
        if (body == null) {
            return invalid("body: longer than " + Extensions.BODY_LIMIT_BYTES + " bytes");
        }
        TelemetrySubscription subscription;
        try {
            subscription = TelemetrySubscriptionReader.read(api, body);
        } catch (TelemetrySubscriptionReader.InvalidSubscription invalid) {
            return invalid(invalid.text());
        }
        if (subscribed.add(api.title + "/" + name)) {
            accepted.add(new Snapshot.Subscription(name, api, body));
            begin(subscription, name);
        } else {
            logs.tell(
                    log,
                    feed,
                    (told, epochMs) -> told.announce(api, name, "Already subscribed", subscription.types(), epochMs));
        }
        return null;
    }

    List<Snapshot.Subscription> subscriptions() {
        return accepted;
    }

    /** One from before a snapshot, which was fine then. */
    void restore(Snapshot.Subscription before) {
        RuntimeRefusal _ = subscribe(before.extension(), before.api(), before.body());
    }

    private static RuntimeRefusal invalid(String message) {
        return new RuntimeRefusal(400, "ValidationError", message);
    }

    private void begin(TelemetrySubscription subscription, String name) {
        EventLoop eventLoop = delivery.eventLoop();
        TelemetryCourier courier = new TelemetryCourier(subscription.destination(), sandbox, eventLoop);
        TelemetrySubscriber subscriber = delivery.subscriber(subscription, courier, eventLoop);
        logs.tell(log, feed, (told, epochMs) -> told.subscribe(subscriber, name, epochMs));
    }

    /** Init is over. */
    void close(Extensions extensions) {
        open = false;
        extensions.forEach((name, state, events) -> logs.tell(
                log,
                feed,
                (told, epochMs) -> told.publish(TelemetryEvents.extension(epochMs, name, state, events, null))));
        logs.tell(log, feed, (told, _) -> told.closeSubscription());
    }

    /** An extension failed, in init or later. */
    void tellFailed(String name, List<String> events, RuntimeFailure why) {
        String state = Extension.State.FAILED.key;
        logs.tell(
                log,
                feed,
                (told, epochMs) -> told.publish(TelemetryEvents.extension(epochMs, name, state, events, why.type())));
    }

    /** The runtime is done with an invocation that extensions still work for: some wait to hear just that. */
    void tellRuntimeDone(LogEntry report) {
        report.runtimeDoneTold = true;
        InvocationFigures figures =
                InvocationFigures.of(report, log.function().config().memoryMib());
        logs.tellBehindOutput(log, feed, (told, epochMs) -> told.runtimeDone(epochMs, figures));
    }

    /** The run is over. */
    void end() {
        open = false;
        logs.tell(log, feed, (told, _) -> told.end());
    }
}
