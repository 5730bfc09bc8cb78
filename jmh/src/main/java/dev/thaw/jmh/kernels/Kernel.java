package dev.thaw.jmh.kernels;

/** A piece of work with one right answer. Its input is made by its constructor, the same in every language and build. */
interface Kernel {
    String name();

    /** How much a run does, in the kernel's unit (multiply-adds, bytes, iterations, pixels). */
    long units();

    void run();

    /** Of what the last run wrote: FNV-1a of the same bytes as in C. */
    long checksum();
}
