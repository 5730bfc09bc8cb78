package dev.thaw.loadgen;

/** A load that cannot be made, in one line that names what, value and bound. */
public final class LoadException extends RuntimeException {
    public LoadException(String message) {
        super(message);
    }
}
