package dev.thaw.cli;

/** The user's input cannot be used; the message is one line that names what, where and the bound. Exit code 2. */
final class WrongUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUse(String message) {
        super(message);
    }
}
