package dev.thaw.scheduler.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes messages into a folder: {@code <requestId>.json}, records and dead letters alike; one that is delivered twice
 * replaces itself. A file is whole, and on disk, or not there.
 */
final class FolderTarget {
    private FolderTarget() {}

    static void write(Path folder, Delivery delivery) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(delivery.requestId() + ".json");
        Path part = folder.resolve("." + delivery.requestId() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer body = ByteBuffer.wrap(delivery.body());
            while (body.hasRemaining()) {
                channel.write(body);
            }
            channel.force(false);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
