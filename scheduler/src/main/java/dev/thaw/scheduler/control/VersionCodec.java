package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.Sealer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Versions as JSON, their environment variables sealed (contract.md section 1.5). */
final class VersionCodec implements Codec<VersionRecord> {
    private static final String ENVIRONMENT = "environment";

    private final JsonMapper mapper;
    private final Codec<VersionRecord> plain;
    private final Sealer sealer;

    VersionCodec(JsonMapper mapper, Sealer sealer) {
        this.mapper = mapper;
        this.sealer = sealer;
        plain = Codec.json(mapper, VersionRecord.class);
    }

    @Override
    public String encode(String name, VersionRecord version) {
        ObjectNode document = mapper.valueToTree(version);
        ObjectNode settings = (ObjectNode) document.get("settings");
        JsonNode environment = settings.get(ENVIRONMENT);
        if (!environment.isNull()) {
            settings.put(ENVIRONMENT, sealer.seal(name, mapper.writeValueAsString(environment)));
        }
        return mapper.writeValueAsString(document);
    }

    @Override
    public VersionRecord decode(String name, String text) {
        ObjectNode document = (ObjectNode) mapper.readTree(text);
        ObjectNode settings = (ObjectNode) document.get("settings");
        JsonNode environment = settings.get(ENVIRONMENT);
        if (environment.isString()) {
            settings.set(ENVIRONMENT, mapper.readTree(sealer.open(name, environment.stringValue())));
        }
        return plain.decode(name, mapper.writeValueAsString(document));
    }
}
