package dev.thaw.cli;

import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.events.source.Triggers;
import java.io.IOException;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/** What makes events by itself in a server: mappings of the control plane; schedules and buckets of its options. */
final class ServedSources implements AutoCloseable {
    private final ServedEvents served;
    private final EpochClock clock;
    private final EventSources mappings;
    private @Nullable Triggers triggers;

    /** Nothing is read yet. */
    ServedSources(ServedEvents served, EventInvoker invoker, EpochClock clock) {
        this.served = served;
        this.clock = clock;
        mappings = new EventSources(
                new EventSources.Ports(invoker, served.options().targetEndpoints(), clock, ServedEvents::report));
    }

    EventSources mappings() {
        return mappings;
    }

    /** Reads the options; what they make goes to this queue. */
    void prepare(EventIntake intake) throws IOException {
        triggers = new Triggers(
                served.stateDirectory().resolve(Triggers.FILE_NAME),
                new Triggers.Ports(intake, clock, ServedEvents::report));
        served.options().addTo(triggers);
    }

    /** Fires what the options say, from now on. */
    void start() {
        if (triggers != null) {
            triggers.start();
        }
    }

    /** Makes no more events; those that functions have may end. */
    void stop() {
        if (triggers != null) {
            triggers.close();
        }
        mappings.stop();
    }

    @Override
    public void close() {
        stop();
        mappings.close();
    }
}
