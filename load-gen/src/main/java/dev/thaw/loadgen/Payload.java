package dev.thaw.loadgen;

/** What an invocation is given. */
public sealed interface Payload {
    /** The same bytes every time. Never modified. */
    @SuppressWarnings("ArrayRecordComponent") // A carrier that nobody compares.
    record Fixed(byte[] bytes) implements Payload {}

    /**
     * Work for the {@code spin} example, out of the invocation's duration d and the function's memory m: JSON
     * {@code {"cpuUs":C,"durationUs":d,"memoryMib":M}}: it burns C and sleeps until d has passed.
     *
     * <p>C = d x cpuFraction, but at most {@value #MAX_SHARE_OF_CPU} of what m/1769 of a vCPU can burn in d: more would
     * make the invocation last longer than in the trace. M = m x memoryFraction less {@value #RUNTIME_MIB} MiB for the
     * runtime, at least 0.
     */
    record Spin(int memoryMib, double cpuFraction, double memoryFraction) implements Payload {
        public static final double DEFAULT_CPU_FRACTION = 0.02;
        public static final double DEFAULT_MEMORY_FRACTION = 0.1;
        /** Of the function's CPU share; the rest is room for what the runtime itself needs. */
        static final double MAX_SHARE_OF_CPU = 0.8;

        static final int RUNTIME_MIB = 8;
        /** Memory that buys one whole vCPU (anchors.md, fact 2). */
        private static final double MIB_PER_VCPU = 1769;

        public Spin {
            requireFraction("cpu fraction", cpuFraction);
            requireFraction("memory fraction", memoryFraction);
        }

        public static Spin of(int memoryMib) {
            return new Spin(memoryMib, DEFAULT_CPU_FRACTION, DEFAULT_MEMORY_FRACTION);
        }

        private static void requireFraction(String name, double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new LoadException(name + ": '" + value + "', must be 0..1");
            }
        }

        int cpuUs(int durationUs) {
            return (int) (durationUs * cpuShare());
        }

        /** Memory that an environment of the function holds: touched in init, kept. */
        public int touchedMib() {
            return Math.max(0, (int) (memoryMib * memoryFraction) - RUNTIME_MIB);
        }

        private double cpuShare() {
            return Math.min(cpuFraction, MAX_SHARE_OF_CPU * Math.min(1, memoryMib / MIB_PER_VCPU));
        }
    }
}
