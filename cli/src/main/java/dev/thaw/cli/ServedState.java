package dev.thaw.cli;

import dev.thaw.scheduler.functions.RootFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a server's control plane keeps what it knows.
 *
 * @param bucketRoot a folder for each bucket, instead of S3; null for none
 * @param images where container images may lie that clients name
 * @param targets where messages may be written that clients send to folders
 * @param recover a state that cannot be opened is set aside, and a new one begins
 */
record ServedState(Path directory, @Nullable Path bucketRoot, RootFolder images, RootFolder targets, boolean recover) {}
