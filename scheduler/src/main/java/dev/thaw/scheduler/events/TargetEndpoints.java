package dev.thaw.scheduler.events;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where targets of other services are reached; null: nowhere. Requests are not signed.
 *
 * @param sqs of a server that understands {@code AmazonSQS.SendMessage}
 * @param sns of a server that understands {@code Publish}
 * @param events of a server that understands {@code AWSEvents.PutEvents}
 */
public record TargetEndpoints(
        @Nullable URI sqs, @Nullable URI sns, @Nullable URI events) {
    public static final TargetEndpoints NONE = new TargetEndpoints(null, null, null);
}
