package dev.thaw.scheduler.control.state;

import java.io.Serial;

/** The state cannot be opened, read or written; the message is one line that names the file and what to do. */
public final class StateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    StateException(String message, Throwable cause) {
        super(message, cause);
    }

    StateException(String message) {
        super(message);
    }
}
