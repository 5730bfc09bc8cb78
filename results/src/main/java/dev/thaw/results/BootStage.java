package dev.thaw.results;

/** Stages of a microVM's start, which are part of the phase {@code create} or, of one that goes on from a snapshot, {@code restore}. */
public enum BootStage {
    /** From the order until the guest's kernel begins, or until a snapshot is loaded. */
    VMM("vmm"),
    /** The guest's kernel, until its first process runs. */
    KERNEL("kernel"),
    /** That process, until the guest is what it is to be. */
    INIT("init");

    /** All stages, in order. Never modify. */
    @SuppressWarnings("MutablePublicArray")
    public static final BootStage[] ALL = values();

    private final String key;

    BootStage(String key) {
        this.key = key;
    }

    /** The name used in {@code summary.json} and columns. */
    public String key() {
        return key;
    }
}
