package dev.thaw.scheduler.events;

import dev.thaw.scheduler.functions.RootFolder;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where targets of other services are reached; null: nowhere. Requests are not signed.
 *
 * @param sqs of a server that understands {@code AmazonSQS.SendMessage}
 * @param sns of a server that understands {@code Publish}
 * @param events of a server that understands {@code AWSEvents.PutEvents}
 * @param folders where folders may lie that messages are written to
 */
public record TargetEndpoints(
        @Nullable URI sqs, @Nullable URI sns, @Nullable URI events, RootFolder folders) {
    public static final TargetEndpoints NONE = new TargetEndpoints(null, null, null, RootFolder.NONE);
}
