package dev.thaw.results;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the bundle that swallows its own failure: the first one is remembered in one line, later bytes go nowhere.
 * A full disk must not stop a run that is being measured.
 */
final class WatchedStream extends OutputStream {
    private final Path file;
    private final OutputStream target;
    private final BundleFailure failure;
    private boolean failed;

    private WatchedStream(Path file, OutputStream target, BundleFailure failure) {
        this.file = file;
        this.target = target;
        this.failure = failure;
    }

    static WatchedStream open(Path file, BundleFailure failure) throws IOException {
        return new WatchedStream(file, Files.newOutputStream(file), failure);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (failed) {
            return;
        }
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void close() {
        try {
            target.close();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException cause) {
        failed = true;
        failure.remember(file, cause);
    }
}
