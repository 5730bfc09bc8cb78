package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.StoredCode;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.ImageConfig;
import dev.thaw.scheduler.functions.RootFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Functions of a template, brought into the catalogue when a server starts: those that are new are created, those that
 * differ are updated, and the rest are left as they are.
 *
 * <p>Threading: the control plane's thread.
 */
final class TemplateFunctions {
    /** A template may be silent about it; the service would not be. */
    private static final String ROLE = "arn:aws:iam::000000000000:role/thaw-template";

    /** A template is its server's owner's. */
    private static final ImageSource IMAGES = new ImageSource(RootFolder.EVERYWHERE);

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
    void adopt(FunctionConfig config) {
        List<StoredCode> held = new ArrayList<>();
        try {
            adopt(config, held);
            transaction.commit();
        } catch (RuntimeException refused) {
            transaction.rollback();
            throw refused;
        } finally {
            held.forEach(code -> source.store().release(code));
        }
    }

    private void adopt(FunctionConfig config, List<StoredCode> held) {
        FunctionCode code = code(config, held);
        VersionRecord latest = catalog.latest(config.name());
        FunctionSettings settings = settings(config, layers(config, held), latest);
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
        if (config.reservedConcurrency() != FunctionConfig.UNRESERVED) {
            FunctionRecord function = catalog.function(config.name());
            catalog.functions().put(config.name(), function.withReserved(config.reservedConcurrency()));
            transaction.touch(config.name());
        }
    }

    private FunctionCode code(FunctionConfig config, List<StoredCode> held) {
        return config.image() != null ? IMAGES.find(config.codeUri().toString()) : take(config.codeUri(), held);
    }

    private FunctionCode take(Path path, List<StoredCode> held) {
        StoredCode stored = source.take(path);
        held.add(stored);
        return PreparedCode.of(stored).code();
    }

    private List<LayerUse> layers(FunctionConfig config, List<StoredCode> held) {
        List<LayerUse> uses = new ArrayList<>();
        for (Path path : config.layers()) {
            String name = path.getFileName().toString().replaceAll("[^a-zA-Z0-9-_]", "-");
            uses.add(layers.adopt(name, take(path, held)));
        }
        return uses;
    }

    private static FunctionSettings settings(
            FunctionConfig config, List<LayerUse> layers, @Nullable VersionRecord latest) {
        FunctionSettings defaults = FunctionSettings.defaults(config.name());
        ImageConfig image = config.image();
        return new FunctionSettings(
                image == null ? FunctionSettings.ZIP : FunctionSettings.IMAGE,
                ROLE,
                config.handler(),
                config.runtime(),
                "",
                config.timeoutSec(),
                config.memoryMib(),
                config.ephemeralStorageMib(),
                config.architecture(),
                environment(config),
                layers,
                ImageConfig.NONE.equals(image) ? null : image,
                latest == null ? "" : latest.settings().deadLetterTarget(), // TemplateOperations sets it
                "",
                defaults.tracingMode(),
                defaults.snapStart(),
                LoggingSettings.of(config.name(), config.logging()));
    }

    private static @Nullable Map<String, String> environment(FunctionConfig config) {
        return config.environment().isEmpty() ? null : config.environment();
    }
}
