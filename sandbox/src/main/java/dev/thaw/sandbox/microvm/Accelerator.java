package dev.thaw.sandbox.microvm;

/** What runs a guest's instructions. */
public enum Accelerator {
    /** The host's processor, by way of {@code /dev/kvm}. */
    KVM("kvm"),
    /** QEMU's translation, of either architecture: slow, and never to be compared with native speed. */
    TCG("tcg");

    private final String key;

    Accelerator(String key) {
        this.key = key;
    }

    /** QEMU's spelling. */
    public String key() {
        return key;
    }
}
