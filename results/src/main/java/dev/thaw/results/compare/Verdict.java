package dev.thaw.results.compare;

import java.util.Locale;

/** What may be said of B against A. */
public enum Verdict {
    BETTER,
    WORSE,
    /** Neither is shown, which is not that they are equal: see what the data could have shown. */
    UNDECIDED;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
