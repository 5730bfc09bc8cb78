package dev.thaw.scheduler.control.url;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function URL lets pages of other origins do; null where it was not said.
 *
 * @param maxAge seconds for which a browser may keep the answer to its question
 */
public record Cors(
        @Nullable Boolean allowCredentials,
        @Nullable List<String> allowHeaders,
        @Nullable List<String> allowMethods,
        @Nullable List<String> allowOrigins,
        @Nullable List<String> exposeHeaders,
        @Nullable Integer maxAge) {
    /** It says nothing. */
    public boolean isEmpty() {
        return equals(new Cors(null, null, null, null, null, null));
    }
}
