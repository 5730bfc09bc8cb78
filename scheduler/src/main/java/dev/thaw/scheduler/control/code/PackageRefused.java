package dev.thaw.scheduler.control.code;

import java.io.Serial;

/** A deployment package that breaks a rule; the message says which, for whoever sent it. */
public final class PackageRefused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String EMPTY = "is empty";

    private final boolean oversized;

    private PackageRefused(String message, boolean oversized) {
        super(message);
        this.oversized = oversized;
    }

    static PackageRefused broken(String problem) {
        return new PackageRefused(problem, false);
    }

    static PackageRefused oversized() {
        return new PackageRefused("holds more than " + PackageRules.MAX_UNZIPPED_BYTES + " bytes unzipped", true);
    }

    static PackageRefused empty() {
        return new PackageRefused(EMPTY, false);
    }

    /** It is a good zip of nothing. */
    public boolean isEmpty() {
        return EMPTY.equals(getMessage());
    }

    /** It is a good zip, but too big once unzipped. */
    public boolean isOversized() {
        return oversized;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
