package dev.thaw.results;

import java.util.Locale;

/** The phase of an environment in which a fault is injected. Each has draws of its own. */
public enum FaultPhase {
    INIT,
    INVOKE,
    SHUTDOWN,
    /** Once the first part of a response that is streamed is here. */
    STREAM;

    /** What follows {@code @} in a fault's name. */
    final String suffix = "@" + name().toLowerCase(Locale.ROOT);
}
