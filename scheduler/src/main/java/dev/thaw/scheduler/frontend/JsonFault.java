package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Words what is wrong with a JSON document, as Jackson does, over the buffer as it is. */
final class JsonFault {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonFault() {}

    /** The problem of the readable bytes in Jackson's words, or null where they are one document to it. */
    static @Nullable String describe(ByteBuf document) {
        InputStream bytes = new ByteBufInputStream(document.duplicate());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            return describe(parser);
        } catch (JacksonException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String describe(JsonParser parser) {
        int roots = 0;
        int depth = 0;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (depth == 0 && ++roots > 1) {
                return "Trailing token (" + token + ") found after value";
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
        return roots == 1 ? null : "No content to map due to end-of-input";
    }
}
