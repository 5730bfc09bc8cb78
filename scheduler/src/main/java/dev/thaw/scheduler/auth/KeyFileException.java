package dev.thaw.scheduler.auth;

/** A key file cannot be used; the message is one line without secrets. */
public final class KeyFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyFileException(String message) {
        super(message);
    }
}
