package dev.thaw.results;

import java.util.Locale;

/** What kind of processor the functions of a run ran on. */
enum Emulation {
    NATIVE,
    EMULATED,
    /** Some invocations the one, some the other. */
    MIXED,
    /** No record told, and the server is not ours. */
    UNKNOWN;

    static final String KEY = "emulation";

    /** What the servers' records said; of a server of our own what the plan knows, where they say nothing of it. */
    static Emulation of(RunPlan plan, Counts counts) {
        boolean ours = !plan.backend().equals(RunPlan.EXTERNAL);
        if (counts.emulated > 0) {
            return counts.emulated == counts.serverKnown ? EMULATED : MIXED;
        }
        if (ours) {
            return plan.emulated() ? EMULATED : NATIVE;
        }
        return counts.serverKnown > 0 ? NATIVE : UNKNOWN;
    }

    /** Something ran emulated. */
    boolean isAny() {
        return this == EMULATED || this == MIXED;
    }

    /** As written to files. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
