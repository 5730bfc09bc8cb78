package dev.thaw.scheduler.events;

import dev.thaw.scheduler.functions.RootFolder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends failure records of event sources to queues, topics and folders.
 *
 * <p>Threading: safe on any thread; blocks.
 */
public final class RecordOutlet implements AutoCloseable {
    private final Targets targets;

    public RecordOutlet(TargetEndpoints endpoints) {
        targets = new Targets(endpoints);
    }

    /**
     * How sending ended.
     *
     * @param problem null where the target has the record
     * @param lasting trying again cannot help
     */
    public record Result(@Nullable String problem, boolean lasting) {
        static final Result SENT = new Result(null, false);
    }

    /** Why nothing can be sent to this ARN, or null where it is a queue, a topic or a folder. */
    public static @Nullable String problem(String arn) {
        return switch (Target.of(arn)) {
            case Target.Queue queue -> null;
            case Target.Topic topic -> null;
            case Target.Folder folder -> null;
            case Target.Unusable unusable -> unusable.problem();
            case Target.Function function -> "must be a queue, a topic or a folder";
            case Target.Bus bus -> "must be a queue, a topic or a folder";
        };
    }

    /** Why nothing may be written to this ARN, where it is a folder; else null. */
    public static @Nullable String folderProblem(String arn, RootFolder folders) {
        return switch (Target.of(arn)) {
            case Target.Folder folder when folders.find(folder.path().toString()) == null -> Targets.NOT_ALLOWED;
            case Target.Unusable unusable when arn.startsWith(Target.FOLDER_PREFIX) -> unusable.problem();
            default -> null;
        };
    }

    /** Sends a record about an invocation. */
    public Result send(String requestId, String functionArn, String target, byte[] record) throws InterruptedException {
        CompletableFuture<TargetSender.Sent> sent = new CompletableFuture<>();
        targets.send(
                new Delivery(Delivery.Kind.FAILURE, requestId, functionArn, target, record, 0, null, ""),
                sent::complete);
        try {
            return switch (sent.get()) {
                case TargetSender.Sent.Done done -> Result.SENT;
                case TargetSender.Sent.Failed failed -> new Result(failed.problem(), failed.lasting());
            };
        } catch (ExecutionException e) {
            throw new IllegalStateException("deliveries end in words: " + e, e);
        }
    }

    @Override
    public void close() {
        targets.close();
    }
}
