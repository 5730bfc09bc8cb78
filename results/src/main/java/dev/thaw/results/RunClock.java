package dev.thaw.results;

/** The two clocks of a run: one for distances, one for the date. */
interface RunClock {
    RunClock SYSTEM = new RunClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMs() {
            return System.currentTimeMillis();
        }
    };

    long nanoTime();

    long epochMs();
}
