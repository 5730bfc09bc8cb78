package dev.thaw.results;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server says of itself, so that a run against it need not guess. Served as JSON by {@code GET /_thaw/server}.
 *
 * @param version of thaw and of Java
 * @param architecture of its processor: functions built for another run emulated
 * @param backend what runs the functions, such as {@code process}
 * @param isolation as {@link RunPlan#isolation}
 * @param isolationFeatures as {@link RunPlan#isolationFeatures}
 * @param settings every option of the server that can change a figure, defaults included
 * @param functions what it serves now
 */
public record ServerDescription(
        String version,
        String architecture,
        String backend,
        String isolation,
        Map<String, String> isolationFeatures,
        Map<String, String> settings,
        List<Function> functions) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public ServerDescription {
        isolationFeatures = Map.copyOf(isolationFeatures);
        settings = Map.copyOf(settings);
        functions = List.copyOf(functions);
    }

    /** One of its functions, {@code $LATEST}. */
    public record Function(String name, int memoryMib, String architecture) {}

    /** The same server with these functions. */
    public ServerDescription withFunctions(List<Function> served) {
        return new ServerDescription(version, architecture, backend, isolation, isolationFeatures, settings, served);
    }

    /** One object, keys as the fields here. */
    public String toJson() {
        return JSON.writeValueAsString(this);
    }

    /** Reads {@link #toJson()}; keys that it does not know are skipped. Fails with one line where a field is missing. */
    public static ServerDescription fromJson(String json) {
        try {
            return JSON.readValue(json, ServerDescription.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("server description: " + e.getOriginalMessage(), e);
        }
    }
}
