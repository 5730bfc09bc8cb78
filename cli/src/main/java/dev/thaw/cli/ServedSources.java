package dev.thaw.cli;

import dev.thaw.results.CauseText;
import dev.thaw.scheduler.control.TemplateTriggers;
import dev.thaw.scheduler.events.EventIntake;
import dev.thaw.scheduler.events.EventInvoker;
import dev.thaw.scheduler.events.source.EventSources;
import dev.thaw.scheduler.events.source.KeyFilter;
import dev.thaw.scheduler.events.source.TriggerPermit;
import dev.thaw.scheduler.events.source.Triggers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
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
    void prepare(EventIntake intake, TriggerPermit permit) throws IOException {
        Triggers made = new Triggers(
                served.stateDirectory().resolve(Triggers.FILE_NAME),
                new Triggers.Ports(intake, clock, permit, ServedEvents::report));
        triggers = made;
        served.options().addTo(made);
    }

    /** For a template's schedules and buckets; until {@link #start}. {@code bucketRoot}: where buckets are folders. */
    TemplateTriggers ofTemplate(@Nullable Path bucketRoot) {
        Triggers made = triggers;
        return made == null ? TemplateTriggers.NONE : new OfTemplate(made, bucketRoot);
    }

    private record OfTemplate(Triggers triggers, @Nullable Path bucketRoot) implements TemplateTriggers {
        @Override
        public @Nullable String schedule(Triggers.Schedule schedule) {
            triggers.add(schedule);
            return null;
        }

        @Override
        public @Nullable String bucket(String bucket, String functionArn, KeyFilter filter) {
            if (bucketRoot == null) {
                return "there is no S3 here: --bucket-root DIR makes DIR/" + bucket + " the bucket";
            }
            Path root = bucketRoot.toAbsolutePath().normalize();
            Path folder = root.resolve(bucket).normalize();
            if (!root.equals(folder.getParent()) || !Files.isDirectory(folder)) {
                return folder + " is no folder: it would be the bucket";
            }
            try {
                triggers.addBucket(folder, functionArn, filter);
                return null;
            } catch (IOException e) {
                return CauseText.of(e);
            }
        }
    }

    /** Fires what the options say, from now on; wrong use where they name a function that is not there. */
    void start(Predicate<String> isThere) {
        served.options().checkFunctions(isThere);
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
