package dev.thaw.scheduler.frontend;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.async.ByteBufferFeeder;
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

    /** The problem of the readable bytes in Jackson's words, or null where they are one document. */
    static @Nullable String describe(ByteBuf document) {
        try (JsonParser parser = JSON.createNonBlockingByteBufferParser(ObjectReadContext.empty())) {
            return describe(parser, document);
        } catch (JacksonException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String describe(JsonParser parser, ByteBuf document) {
        ByteBufferFeeder feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
        boolean done = false;
        int roots = 0;
        int depth = 0;
        int index = 0;
        ByteBuffer[] pieces = document.nioBuffers();
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.NOT_AVAILABLE) {
                if (index < pieces.length) {
                    feeder.feedInput(pieces[index++]);
                } else if (!done) {
                    feeder.endOfInput();
                    done = true;
                }
                continue;
            }
            if (token == null) {
                return roots == 1 ? null : "No content to map due to end-of-input";
            }
            if (depth == 0 && ++roots > 1) {
                return "Trailing token (" + token + ") found after value";
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
    }
}
