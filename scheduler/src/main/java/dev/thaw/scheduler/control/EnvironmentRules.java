package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Which environment variables a function may be given (contract.md section 1.5), refused in the service's words. */
final class EnvironmentRules {
    private static final Pattern KEY = Pattern.compile("[a-zA-Z]([a-zA-Z0-9_])+");
    private static final int MAX_BYTES = 4_096;

    private EnvironmentRules() {}

    /** Values are not repeated in a refusal: they may be secrets. */
    static void checkKeys(Map<String, String> variables, Checks checks) {
        if (!variables.keySet().stream()
                .allMatch(key -> isReserved(key) || KEY.matcher(key).matches())) {
            checks.add(
                    variables.keySet(),
                    "environment.variables",
                    "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: "
                            + KEY.pattern() + "]");
        }
    }

    static void check(Map<String, String> variables) {
        List<String> reserved =
                variables.keySet().stream().filter(EnvironmentRules::isReserved).toList();
        if (!reserved.isEmpty()) {
            throw ServiceFault.invalidParameter("Lambda was unable to configure your environment variables because the"
                    + " environment variables you have provided contains reserved keys that are currently not supported"
                    + " for modification. Reserved keys used in this request: " + String.join(", ", reserved));
        }
        if (variables.values().stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
            throw ServiceFault.invalidParameter("Lambda was unable to configure your environment variables because a"
                    + " value contains the character U+0000.");
        }
        String json = JsonMapper.shared().writeValueAsString(variables);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw ServiceFault.invalidParameter("Lambda was unable to configure your environment variables because the"
                    + " environment variables you have provided exceeded the 4KB limit. String measured: " + json);
        }
    }

    private static boolean isReserved(String key) {
        return FunctionConfig.RESERVED_VARIABLES.contains(key);
    }
}
