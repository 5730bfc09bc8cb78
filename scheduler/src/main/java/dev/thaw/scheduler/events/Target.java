package dev.thaw.scheduler.events;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where a record or a dead letter goes, told by its ARN (contract.md section 6.3). Beside the service's targets there is
 * one of our own, a local folder: {@code arn:aws:file:::/absolute/folder}, which clients that check ARNs let pass.
 */
sealed interface Target {
    String FOLDER_PREFIX = "arn:aws:file:::";

    /** Another function, version or alias: the record becomes an event of it. */
    record Function(String arn) implements Target {}

    /** A standard queue. */
    record Queue(String account, String name) implements Target {}

    /** A standard topic. */
    record Topic(String arn) implements Target {}

    /** An event bus. */
    record Bus(String arn, String name) implements Target {}

    /** A local folder; each message becomes a file. */
    record Folder(Path path) implements Target {}

    /** Nothing can be delivered there, whenever it is tried. */
    record Unusable(String problem) implements Target {}

    /** Reads an ARN; what it cannot be delivered to is {@link Unusable}. */
    static Target of(String arn) {
        if (arn.startsWith(FOLDER_PREFIX)) {
            return ofFolder(arn.substring(FOLDER_PREFIX.length()));
        }
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !parts[0].equals("arn")) {
            return new Unusable("must be an ARN");
        }
        if (arn.endsWith(".fifo")) {
            return new Unusable("must be a standard queue or topic, not FIFO");
        }
        return ofService(arn, parts[2], parts[4], parts[5]);
    }

    private static Target ofFolder(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute() ? new Folder(path) : new Unusable("must be absolute");
        } catch (InvalidPathException e) {
            return new Unusable("must be a path: " + e.getReason());
        }
    }

    private static Target ofService(String arn, String service, String account, String resource) {
        return switch (service) {
            case "lambda" -> new Function(arn);
            case "sqs" -> new Queue(account, resource);
            case "sns" -> new Topic(arn);
            case "events" -> new Bus(arn, resource.substring(resource.indexOf('/') + 1));
            default -> new Unusable("service " + service + " is no target here");
        };
    }
}
