package dev.thaw.cli.evidence.ab;

/** A variant's run came to nothing: one line that names variant, round and what. */
public final class VariantFailure extends Exception {
    private static final long serialVersionUID = 1L;

    VariantFailure(String variant, int round, String what) {
        super("variant " + variant + ", round " + round + ": " + what);
    }
}
