package dev.thaw.loadgen;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** Tells whether the JIT has come to rest: little time spent compiling since it was last asked. One thread. */
final class CompilerWatch {
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private long seenMs = compiler.getTotalCompilationTime();

    /** Milliseconds that all compiler threads have spent since the last call. */
    long spentMs() {
        long beforeMs = seenMs;
        seenMs = compiler.getTotalCompilationTime();
        return seenMs - beforeMs;
    }
}
