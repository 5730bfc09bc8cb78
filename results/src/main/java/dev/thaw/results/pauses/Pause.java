package dev.thaw.results.pauses;

/**
 * A time in which a process did nothing.
 *
 * @param fromNs on a clock that its owner names
 * @param toNs on the same
 */
public record Pause(Kind kind, long fromNs, long toNs) {
    /** What held the process up. */
    public enum Kind {
        /** Its own garbage collection. */
        COLLECTION("collection"),
        /** Nobody knows: a thread that asked for a short sleep woke late. A busy or stopped host does that. */
        STALL("stall");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        /** Its name in files. */
        public String key() {
            return key;
        }
    }

    /** The same on a clock that is ahead by so much. */
    public Pause shifted(long byNs) {
        return new Pause(kind, fromNs + byNs, toNs + byNs);
    }

    public long durationNs() {
        return toNs - fromNs;
    }
}
