package dev.thaw.scheduler.control;

import dev.thaw.scheduler.events.source.KeyFilter;
import dev.thaw.scheduler.events.source.Triggers;
import org.jspecify.annotations.Nullable;

/** Puts schedules and buckets of a template to work. Each returns null where that is so, else why not. */
public interface TemplateTriggers {
    /** A server without triggers. */
    TemplateTriggers NONE = new TemplateTriggers() {
        @Override
        public @Nullable String schedule(Triggers.Schedule schedule) {
            return "schedules are not served here";
        }

        @Override
        public @Nullable String bucket(String bucket, String functionArn, KeyFilter filter) {
            return "buckets are not served here";
        }
    };

    @Nullable
    String schedule(Triggers.Schedule schedule);

    @Nullable
    String bucket(String bucket, String functionArn, KeyFilter filter);
}
