package dev.thaw.scheduler.control;

import dev.thaw.scheduler.events.RecordOutlet;
import dev.thaw.scheduler.functions.RootFolder;
import java.util.List;

/**
 * Where records and dead letters of a function may go, asked when somebody says so (contract.md section 6.3). A FIFO queue
 * or topic may be named: what would go there is counted as not delivered.
 *
 * <p>Threading: {@link #checkDeadLetters} is safe on any thread; the rest is the control plane's.
 */
final class TargetRules {
    /** The service's own but {@code s3}, which is not served, and {@code file}: a folder here, {@code arn:aws:file:::/folder}. */
    private static final List<String> DESTINATIONS = List.of("lambda", "sqs", "sns", "events", "file");

    private static final List<String> DEAD_LETTERS = List.of("sqs", "sns", "file");

    private final Catalog catalog;
    private final RootFolder folders;

    TargetRules(Catalog catalog, RootFolder folders) {
        this.catalog = catalog;
        this.folders = folders;
    }

    /** Of a request to create or to configure a function, whose ARN is known to look like one. */
    void checkDeadLetters(Body body) {
        Body config = body.structure("DeadLetterConfig");
        String target = config == null ? null : config.string("TargetArn");
        if (target == null || target.isEmpty()) {
            return;
        }
        if (!DEAD_LETTERS.contains(service(target))) {
            throw ServiceFault.invalidParameter(
                    "Invalid dead letter queue ARN: " + target + ": must be a queue, a topic or a folder.");
        }
        String problem = RecordOutlet.folderProblem(target, folders);
        if (problem != null) {
            throw ServiceFault.invalidParameter("Invalid dead letter queue ARN: " + target + ": " + problem + ".");
        }
    }

    void checkDestinations(EventInvokeRecord record) {
        checkDestination(
                record, record.onSuccess(), "DestinationConfig(onSuccess=OnSuccess(destination=%s), onFailure=null)");
        checkDestination(
                record, record.onFailure(), "DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=%s))");
    }

    private void checkDestination(EventInvokeRecord record, String destination, String shown) {
        if (destination.isEmpty()) {
            return;
        }
        if (!DESTINATIONS.contains(service(destination))) {
            throw ServiceFault.invalidParameter(
                    "The provided destination config " + String.format(shown, destination) + " is invalid.");
        }
        String problem = RecordOutlet.folderProblem(destination, folders);
        if (problem != null) {
            throw ServiceFault.invalidParameter("The destination ARN " + destination + " is invalid: " + problem + ".");
        }
        String functions = Catalog.arn("", null);
        if (!destination.startsWith(functions)) {
            return;
        }
        String[] nameAndQualifier = destination.substring(functions.length()).split(":", 2);
        if (nameAndQualifier[0].equals(record.name())) {
            throw ServiceFault.invalidParameter("You can't specify the function as a destination for itself.");
        }
        if (!catalog.has(nameAndQualifier[0], nameAndQualifier.length == 1 ? null : nameAndQualifier[1])) {
            throw ServiceFault.invalidParameter("The destination ARN " + destination + " is invalid.");
        }
    }

    private static String service(String arn) {
        String[] parts = arn.split(":", 4);
        return parts.length < 3 ? "" : parts[2];
    }
}
