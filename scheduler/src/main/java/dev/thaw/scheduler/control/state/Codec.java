package dev.thaw.scheduler.control.state;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How a document is written down, as one text. */
public interface Codec<T> {
    /** Writes a document; its name is its kind and key. */
    String encode(String name, T document);

    /** Reads one; throws {@link StateException} where the text is none. */
    T decode(String name, String text);

    /** A record as JSON, its components by their names. */
    static <T> Codec<T> json(JsonMapper mapper, Class<T> type) {
        return new Codec<>() {
            @Override
            public String encode(String name, T document) {
                return mapper.writeValueAsString(document);
            }

            @Override
            public T decode(String name, String text) {
                try {
                    return mapper.readValue(text, type);
                } catch (JacksonException damaged) {
                    throw new StateException(name + ": is no document of this version", damaged);
                }
            }
        };
    }
}
