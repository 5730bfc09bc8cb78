package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.StoredCode;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.ImageConfig;
import dev.thaw.scheduler.functions.RootFolder;
import dev.thaw.scheduler.functions.TemplateException;
import dev.thaw.scheduler.functions.TemplateFunction;
import dev.thaw.scheduler.functions.TemplateFunction.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Functions of a template, brought into the catalogue when a server starts: those that are new are created, those that
 * differ are updated, and the rest are left as they are. Code and configuration are the template's at each start; what is
 * said of the function beside them (description, role, tracing, tags) stays where the template is silent.
 *
 * <p>Threading: the control plane's thread.
 */
final class TemplateFunctions {
    /** A template may be silent about it; the service would not be. */
    private static final String ROLE = "arn:aws:iam::000000000000:role/thaw-template";

    /** A template is its server's owner's. */
    private static final ImageSource IMAGES = new ImageSource(RootFolder.EVERYWHERE);

    /** Of a function, not of what it runs: kept where the template is silent. */
    private static final List<String> ATTRIBUTES = List.of("Description", "Role", "Tracing");

    private final Catalog catalog;
    private final LayerOperations layers;
    private final PackageSource source;
    private final FunctionLife life;
    private final Transaction transaction;

    TemplateFunctions(
            Catalog catalog, LayerOperations layers, PackageSource source, FunctionLife life, Transaction transaction) {
        this.catalog = catalog;
        this.layers = layers;
        this.source = source;
        this.life = life;
        this.transaction = transaction;
    }

    /** Creates or updates one; throws {@link ServiceFault} where it cannot run. */
    void adopt(TemplateFunction function) {
        List<StoredCode> held = new ArrayList<>();
        try {
            adopt(function, held);
            transaction.commit();
        } catch (RuntimeException refused) {
            transaction.rollback();
            throw refused;
        } finally {
            held.forEach(code -> source.store().release(code));
        }
    }

    private void adopt(TemplateFunction function, List<StoredCode> held) {
        FunctionConfig config = function.config();
        FunctionCode code = code(config, held);
        VersionRecord latest = catalog.latest(config.name());
        FunctionSettings settings = settings(function, layers(function, held), latest);
        CodeOperations.checkSize(settings, code);
        if (latest == null
                || !latest.settings().equals(settings)
                || !latest.code().equals(code)) {
            boolean fresh = latest == null;
            if (fresh) {
                catalog.functions().put(config.name(), FunctionRecord.of(config.name(), Map.of()));
            }
            life.begin(config.name(), settings, code, fresh ? Progress.CREATING : Progress.UPDATING);
        }
        tag(function);
        if (config.reservedConcurrency() != FunctionConfig.UNRESERVED) {
            FunctionRecord record = catalog.function(config.name());
            catalog.functions().put(config.name(), record.withReserved(config.reservedConcurrency()));
            transaction.touch(config.name());
        }
    }

    private FunctionCode code(FunctionConfig config, List<StoredCode> held) {
        if (config.image() == null) {
            return take(config.codeUri(), held);
        }
        FunctionCode image = IMAGES.find(config.codeUri().toString());
        held.add(source.keep(image));
        return image;
    }

    private FunctionCode take(Path path, List<StoredCode> held) {
        StoredCode stored = source.take(path);
        held.add(stored);
        return PreparedCode.of(stored).code();
    }

    private List<LayerUse> layers(TemplateFunction function, List<StoredCode> held) {
        List<LayerUse> uses = new ArrayList<>();
        List<Path> paths = function.config().layers();
        for (int layer = 0; layer < paths.size(); layer++) {
            LayerUse use = layers.adopt(function.layerNames().get(layer), take(paths.get(layer), held));
            LayerCatalog.refuseOtherVersion(uses, use.arn());
            uses.add(use);
        }
        return uses;
    }

    /** Tags of the template are set; others, which a client may have set, stay. */
    private void tag(TemplateFunction template) {
        Setting said = template.settings().get("Tags");
        if (said == null) {
            return;
        }
        FunctionRecord function = catalog.function(template.config().name());
        Map<String, String> tags = new TreeMap<>(function.tags());
        said.value()
                .properties()
                .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
        if (!tags.equals(function.tags())) {
            refusing(template, "Tags", said, () -> {
                TagRules.check(tags);
                return tags;
            });
            catalog.functions().put(function.name(), function.withTags(tags));
        }
    }

    /** With what the template says of them; where it is silent they stay as they are. */
    private static FunctionSettings attributes(TemplateFunction template, FunctionSettings before) {
        FunctionSettings settings = before;
        for (String attribute : ATTRIBUTES) {
            Setting said = template.settings().get(attribute);
            if (said != null) {
                FunctionSettings old = settings;
                settings = refusing(template, attribute, said, () -> read(attribute, said.value(), old));
            }
        }
        return settings;
    }

    private static FunctionSettings read(String attribute, JsonNode value, FunctionSettings before) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (attribute.equals("Tracing")) {
            String mode = value.asString();
            body.putObject("TracingConfig").put("Mode", mode.equals("Disabled") ? "PassThrough" : mode);
        } else {
            body.set(attribute, value);
        }
        Checks checks = new Checks();
        FunctionSettings settings = new SettingsReader(new Body(body), checks, before).read();
        checks.refuse();
        return settings;
    }

    private static <T> T refusing(TemplateFunction template, String key, Setting said, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ServiceFault refused) {
            throw new TemplateException(
                    said.at() + ": " + key + ": " + template.config().name() + ", " + refused.text());
        }
    }

    private static FunctionSettings settings(
            TemplateFunction template, List<LayerUse> layers, @Nullable VersionRecord latest) {
        FunctionConfig config = template.config();
        FunctionSettings attributes =
                attributes(template, latest == null ? FunctionSettings.defaults(config.name()) : latest.settings());
        ImageConfig image = config.image();
        return new FunctionSettings(
                image == null ? FunctionSettings.ZIP : FunctionSettings.IMAGE,
                attributes.role().isEmpty() ? ROLE : attributes.role(),
                config.handler(),
                config.runtime(),
                attributes.description(),
                config.timeoutSec(),
                config.memoryMib(),
                config.ephemeralStorageMib(),
                config.architecture(),
                environment(config),
                layers,
                ImageConfig.NONE.equals(image) ? null : image,
                attributes.deadLetterTarget(), // TemplateOperations sets it
                attributes.kmsKeyArn(),
                attributes.tracingMode(),
                attributes.snapStart(),
                LoggingSettings.of(config.name(), config.logging()));
    }

    private static @Nullable Map<String, String> environment(FunctionConfig config) {
        return config.environment().isEmpty() ? null : config.environment();
    }
}
