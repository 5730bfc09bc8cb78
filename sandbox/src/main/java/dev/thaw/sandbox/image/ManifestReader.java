package dev.thaw.sandbox.image;

import dev.thaw.sandbox.image.ImageManifest.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the one image that is built for an architecture, in an OCI image layout ({@code index.json}, also nested and for
 * several architectures) or in what {@code docker save} wrote ({@code manifest.json}). Every file it reads by digest has
 * that digest.
 */
final class ManifestReader {
    /** What registries bound manifests to. */
    private static final int JSON_BYTES_MAX = 4 << 20;

    private static final int INDEX_DEPTH_MAX = 3;
    private static final int LAYERS_MAX = 127;
    private static final JsonMapper JSON = new JsonMapper();

    private final String image;
    private final ImageFiles files;
    private final String architecture;
    private final Map<String, ImageManifest> found = new LinkedHashMap<>();
    private final TreeSet<String> others = new TreeSet<>();

    /** {@code image} is what errors call it; {@code architecture} is spelled as images do: amd64 or arm64. */
    ManifestReader(String image, ImageFiles files, String architecture) {
        this.image = image;
        this.files = files;
        this.architecture = architecture;
    }

    ImageManifest read() throws IOException {
        if (files.has("index.json")) {
            readIndex(parse("index.json", bytes("index.json")), 0);
        } else if (files.has("manifest.json")) {
            readSaved(parse("manifest.json", bytes("manifest.json")));
        } else {
            throw fault("has neither index.json (OCI image layout) nor manifest.json (docker save)");
        }
        if (found.isEmpty()) {
            throw fault("is built for " + (others.isEmpty() ? "nothing" : String.join(", ", others))
                    + ", must be built for " + architecture);
        }
        if (found.size() > 1) {
            throw fault("holds " + found.size() + " images for " + architecture + ", must hold 1");
        }
        return found.values().iterator().next();
    }

    private void readIndex(JsonNode index, int depth) throws IOException {
        for (JsonNode entry : index.path("manifests")) {
            String type = entry.path("mediaType").asString("");
            if (isForOthers(entry.path("platform"))) {
                continue;
            }
            String digest = entry.path("digest").asString("");
            JsonNode document = blob(digest);
            if (!document.has("manifests")) {
                take(digest, document);
            } else if (depth < INDEX_DEPTH_MAX) {
                readIndex(document, depth + 1);
            } else {
                throw fault(FileFault.shown(type) + " " + digest + ": nested deeper than " + INDEX_DEPTH_MAX);
            }
        }
    }

    private boolean isForOthers(JsonNode platform) {
        String system = platform.path("os").asString("linux");
        String machine = platform.path("architecture").asString(architecture);
        if (system.equals("linux") && machine.equals(architecture)) {
            return false;
        }
        // What has no platform of this world is no image: attestations say "unknown".
        if (!machine.equals("unknown")) {
            others.add(FileFault.shown(system.equals("linux") ? machine : system + "/" + machine));
        }
        return true;
    }

    /** A manifest whose platform fits or is not told; its configuration knows. */
    private void take(String digest, JsonNode manifest) throws IOException {
        JsonNode config = blob(manifest.path("config").path("digest").asString(""));
        if (!config.has("rootfs") || isForOthers(config)) {
            return;
        }
        List<Layer> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers")) {
            String name = layer.path("digest").asString("");
            layers.add(new Layer(
                    "layer " + (layers.size() + 1) + " " + shortened(name),
                    blobFile(name),
                    name,
                    contentDigest(config, layers.size())));
        }
        add(digest, config, layers);
    }

    private void readSaved(JsonNode saved) throws IOException {
        for (JsonNode entry : saved) {
            String file = entry.path("Config").asString("");
            byte[] bytes = bytes(file);
            String digest = Sha256.of(bytes);
            String name = file.substring(file.lastIndexOf('/') + 1).replace(".json", "");
            if (Sha256.isDigest("sha256:" + name) && !digest.equals("sha256:" + name)) {
                throw fault(FileFault.shown(file) + ": its content's digest is " + digest);
            }
            JsonNode config = parse(file, bytes);
            if (isForOthers(config)) {
                continue;
            }
            List<Layer> layers = new ArrayList<>();
            for (JsonNode layer : entry.path("Layers")) {
                String content = contentDigest(config, layers.size());
                String title = "layer " + (layers.size() + 1) + " " + shortened(content);
                layers.add(new Layer(title, layer.asString(""), "", content));
            }
            add(digest, config, layers);
        }
    }

    private void add(String digest, JsonNode config, List<Layer> layers) throws IOException {
        int contents = config.path("rootfs").path("diff_ids").size();
        if (layers.isEmpty() || layers.size() > LAYERS_MAX || layers.size() != contents) {
            throw fault("has " + layers.size() + " layers and diff_ids of " + contents + ", must have 1.." + LAYERS_MAX
                    + " of both");
        }
        JsonNode settings = config.path("config");
        String directory = text("WorkingDir", settings.path("WorkingDir"));
        found.put(
                digest,
                new ImageManifest(
                        Sha256.hex(digest),
                        layers,
                        texts("Entrypoint", settings.path("Entrypoint")),
                        texts("Cmd", settings.path("Cmd")),
                        directory.isEmpty() ? "/" : directory,
                        environment(settings.path("Env"))));
    }

    private String contentDigest(JsonNode config, int layer) throws IOException {
        String digest = config.path("rootfs").path("diff_ids").path(layer).asString("");
        if (!Sha256.isDigest(digest)) {
            throw fault("diff_id of layer " + (layer + 1) + " is " + FileFault.shown(digest) + ", must be a sha256");
        }
        return digest;
    }

    private Map<String, String> environment(JsonNode list) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : texts("Env", list)) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw fault("Env: " + FileFault.shown(variable) + ", must be NAME=VALUE");
            }
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return variables;
    }

    private List<String> texts(String key, JsonNode list) throws IOException {
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw fault(key + ": " + FileFault.shown(list.toString()) + ", must be a list");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list) {
            texts.add(text(key, text));
        }
        return texts;
    }

    /** A zero byte would end the word where it is used, and begin another. */
    private String text(String key, JsonNode node) throws IOException {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        String text = node.asString("");
        if (!node.isString() || text.indexOf('\0') >= 0) {
            throw fault(key + ": " + FileFault.shown(node.toString()) + ", must be text without zero characters");
        }
        return text;
    }

    private JsonNode blob(String digest) throws IOException {
        byte[] bytes = bytes(blobFile(digest));
        String actual = Sha256.of(bytes);
        if (!actual.equals(digest)) {
            throw fault(digest + ": its content's digest is " + actual);
        }
        return parse(digest, bytes);
    }

    private String blobFile(String digest) throws IOException {
        if (!Sha256.isDigest(digest)) {
            throw fault("digest " + FileFault.shown(digest) + ", must be sha256 and 64 hexadecimal digits");
        }
        return "blobs/sha256/" + Sha256.hex(digest);
    }

    private byte[] bytes(String file) throws IOException {
        if (!files.has(file)) {
            throw fault(FileFault.shown(file) + " is missing");
        }
        try (InputStream in = files.open(file)) {
            byte[] bytes = in.readNBytes(JSON_BYTES_MAX + 1);
            if (bytes.length > JSON_BYTES_MAX) {
                throw fault(FileFault.shown(file) + ": more than " + JSON_BYTES_MAX + " bytes of JSON");
            }
            return bytes;
        }
    }

    private JsonNode parse(String file, byte[] bytes) throws IOException {
        @Nullable JsonNode node;
        try {
            node = JSON.readTree(bytes);
        } catch (JacksonException damaged) {
            throw fault(FileFault.shown(file) + ": not JSON: " + FileFault.shown(damaged.getOriginalMessage()));
        }
        if (node == null || !node.isContainer()) {
            throw fault(FileFault.shown(file) + ": must be a JSON object or list");
        }
        return node;
    }

    /** Enough of a digest to find it again. */
    private static String shortened(String digest) {
        return digest.substring(0, Math.min(digest.length(), "sha256:".length() + 12));
    }

    private IOException fault(String problem) {
        return new IOException(image + ": " + problem);
    }
}
