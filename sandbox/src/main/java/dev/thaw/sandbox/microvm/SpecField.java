package dev.thaw.sandbox.microvm;

/** What a SPEC frame tells. Numbers are u32 or u64; words end with a zero byte each; other texts are as they are. */
enum SpecField {
    /** Two u32: user and group. */
    USER(1),
    /** u64 bytes. */
    MEMORY(2),
    /** u32. */
    PROCESSES(3),
    /** u64 bytes. */
    TMP(4),
    HOST_NAME(5),
    DIRECTORY(6),
    /** Name of a variable that extensions do not get. */
    HIDDEN(7),
    /** {@code NAME=value}. */
    VARIABLE(8),
    /** Words: one command line for each, in order. */
    EXTENSION(9),
    /** Words. */
    RUNTIME(10),
    /** Words: device, target, file system. */
    DEVICE(11),
    /** Words: source, target. */
    BIND(12),
    /** A seccomp program. */
    FILTER(13);

    final int number;

    SpecField(int number) {
        this.number = number;
    }
}
