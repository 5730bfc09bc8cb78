package dev.thaw.runtimebridge;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The type of an error that a runtime reports in a header, as free text. */
final class ReportedErrorType {
    private static final Pattern KNOWN = Pattern.compile("(Runtime|Function)\\.[A-Z][a-zA-Z]+");

    private ReportedErrorType() {}

    /** Free text becomes one of two unknown types, by its prefix (wire.md W1). */
    static String of(@Nullable String reported) {
        if (reported != null && KNOWN.matcher(reported).matches()) {
            return reported;
        }
        return reported != null && reported.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown";
    }
}
