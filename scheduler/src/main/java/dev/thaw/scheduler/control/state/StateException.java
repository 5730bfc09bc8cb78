package dev.thaw.scheduler.control.state;

import java.io.Serial;

/** The state cannot be opened, read or written; the message is one line that names the file and what to do. */
public final class StateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean damage;

    StateException(String message, Throwable cause) {
        super(message, cause);
        damage = false;
    }

    StateException(String message) {
        super(message);
        damage = false;
    }

    private StateException(String message, boolean damage) {
        super(message);
        this.damage = damage;
    }

    /** What lies there is no whole state any more. */
    static StateException damage(Object file, String problem) {
        String message = file + ": cannot be used: " + problem.replace('\n', ' ')
                + " (--state-recover sets it aside and starts anew)";
        return new StateException(message, true);
    }

    /** Only setting the state aside helps; else it is whole, and another's, or to be opened in another way. */
    boolean isDamage() {
        return damage;
    }
}
