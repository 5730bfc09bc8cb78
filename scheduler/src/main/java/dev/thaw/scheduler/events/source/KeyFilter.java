package dev.thaw.scheduler.events.source;

/** Which objects of a bucket are told of: those whose key begins and ends so. */
public record KeyFilter(String prefix, String suffix) {
    public static final KeyFilter ALL = new KeyFilter("", "");

    boolean matches(String key) {
        return key.startsWith(prefix) && key.endsWith(suffix);
    }

    /** What tells a watched folder from the same one with another filter. */
    String mark() {
        return equals(ALL) ? "" : " " + prefix + "*" + suffix;
    }
}
