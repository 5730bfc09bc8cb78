package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.url.Cors;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes {@link Cors} as the service model shapes it, within its bounds. */
final class CorsJson {
    private static final int MAX_HEADERS = 100;
    private static final int MAX_METHODS = 6;
    private static final int MAX_ORIGINS = 100;
    private static final int MAX_HEADER_LENGTH = 1_024;
    private static final int MAX_METHOD_LENGTH = 6;
    private static final int MAX_ORIGIN_LENGTH = 253;
    private static final int MAX_AGE_SEC = 86_400;

    private CorsJson() {}

    /** From the member {@code Cors} of a body; null where it is absent. */
    static @Nullable Cors read(Body body, Checks checks) {
        Body cors = body.structure("Cors");
        if (cors == null) {
            return null;
        }
        Integer maxAge = cors.integer("MaxAge");
        checks.range(maxAge, "cors.maxAge", 0, MAX_AGE_SEC);
        return new Cors(
                cors.has("AllowCredentials") ? cors.flag("AllowCredentials") : null,
                texts(cors, "AllowHeaders", MAX_HEADERS, MAX_HEADER_LENGTH, checks),
                texts(cors, "AllowMethods", MAX_METHODS, MAX_METHOD_LENGTH, checks),
                texts(cors, "AllowOrigins", MAX_ORIGINS, MAX_ORIGIN_LENGTH, checks),
                texts(cors, "ExposeHeaders", MAX_HEADERS, MAX_HEADER_LENGTH, checks),
                maxAge);
    }

    private static @Nullable List<String> texts(Body cors, String member, int most, int longest, Checks checks) {
        List<String> texts = cors.strings(member);
        if (texts != null) {
            String name = "cors." + Character.toLowerCase(member.charAt(0)) + member.substring(1);
            checks.size(texts, name, 0, most);
            if (texts.stream().anyMatch(text -> text.length() > longest)) {
                checks.add(
                        texts,
                        name,
                        "Member must satisfy constraint: [Member must have length less than or equal to " + longest
                                + "]");
            }
        }
        return texts;
    }

    /** Adds the member {@code Cors} where there is any. */
    static void write(ObjectNode output, @Nullable Cors cors) {
        if (cors == null) {
            return;
        }
        ObjectNode json = output.putObject("Cors");
        if (cors.allowCredentials() != null) {
            json.put("AllowCredentials", cors.allowCredentials());
        }
        write(json, "AllowHeaders", cors.allowHeaders());
        write(json, "AllowMethods", cors.allowMethods());
        write(json, "AllowOrigins", cors.allowOrigins());
        write(json, "ExposeHeaders", cors.exposeHeaders());
        if (cors.maxAge() != null) {
            json.put("MaxAge", cors.maxAge());
        }
    }

    private static void write(ObjectNode json, String member, @Nullable List<String> texts) {
        if (texts != null) {
            ArrayNode array = json.putArray(member);
            texts.forEach(array::add);
        }
    }
}
