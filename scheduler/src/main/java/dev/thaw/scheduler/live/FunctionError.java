package dev.thaw.scheduler.live;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Words a function error that the platform, not the runtime, tells. */
public final class FunctionError {
    private static final JsonMapper JSON = new JsonMapper();

    private FunctionError() {}

    /** {@code {"errorType":..,"errorMessage":..}}. */
    public static String json(String errorType, String errorMessage) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("errorType", errorType);
        body.put("errorMessage", errorMessage);
        return JSON.writeValueAsString(body);
    }
}
