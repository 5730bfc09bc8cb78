package dev.thaw.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * Asked of a function's code each time before a sandbox is made of it.
 *
 * <p>Threading: safe on any thread; asked on one of the backend's, for which microseconds count.
 */
@FunctionalInterface
public interface CodeCheck {
    /** Nobody looks. */
    CodeCheck NONE = () -> null;

    /** Null where it may run; else why nothing of it is started. */
    @Nullable
    LaunchFault fault();
}
