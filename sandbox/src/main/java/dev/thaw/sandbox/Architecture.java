package dev.thaw.sandbox;

/** Instruction set that a function's code is built for. */
public enum Architecture {
    X86_64("x86_64"),
    ARM64("arm64");

    private final String key;

    Architecture(String key) {
        this.key = key;
    }

    /** The documented spelling. */
    public String key() {
        return key;
    }

    /** What this JVM runs on. */
    public static Architecture host() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> ARM64;
            default ->
                throw new IllegalStateException(
                        "os.arch is " + System.getProperty("os.arch") + ", must be amd64 or aarch64");
        };
    }
}
