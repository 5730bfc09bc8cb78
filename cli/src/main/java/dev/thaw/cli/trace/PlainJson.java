package dev.thaw.cli.trace;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes maps as JSON, for people and programs. */
final class PlainJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private PlainJson() {}

    static String write(Object value) {
        return JSON.writeValueAsString(value);
    }
}
