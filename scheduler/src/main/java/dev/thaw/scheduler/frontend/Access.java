package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.control.url.FunctionUrls;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in, and by which URLs.
 *
 * @param gate null where everybody is
 * @param urls of functions
 */
public record Access(@Nullable Gate gate, FunctionUrls urls) {
    /** Everybody, by no URL. */
    public static Access open() {
        return new Access(null, new FunctionUrls());
    }
}
