package dev.thaw.scheduler.functions;

import java.io.Serial;

/** A template that cannot be taken; the message is one line {@code file:line: key: value, bound}. */
public final class TemplateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message);
    }
}
