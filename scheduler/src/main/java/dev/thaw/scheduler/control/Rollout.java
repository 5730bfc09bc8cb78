package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.CodeStore;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.FunctionRoutes;
import dev.thaw.scheduler.functions.ImageConfig;
import dev.thaw.scheduler.functions.LoggingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.ErrorHandler;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the catalogue says to run: deploys versions, routes names to them, retires what was there before, and
 * deletes packages once neither the catalogue nor a running environment needs them.
 *
 * <p>Threading: the control plane's thread.
 */
final class Rollout {
    private final Catalog catalog;
    private final Deployments deployments;
    private final CodeStore code;
    private final ControlThread thread;
    private final ErrorHandler errorHandler;

    /** Of versions by their keys. */
    private final Map<String, Integer> deployed = new HashMap<>();

    private final PackageUses uses = new PackageUses();
    /** Aliases that lead to no deployment yet, by function. */
    private final Map<String, Set<String>> withheldAliases = new HashMap<>();
    /** Environments ahead that deployments were asked for. */
    private final Map<Integer, Integer> provisioned = new HashMap<>();

    Rollout(
            Catalog catalog,
            LayerCatalog layers,
            Deployments deployments,
            CodeStore code,
            ControlThread thread,
            ErrorHandler errorHandler) {
        this.catalog = catalog;
        this.deployments = deployments;
        this.code = code;
        this.thread = thread;
        this.errorHandler = errorHandler;
        uses.follow("version", catalog.versions(), Rollout::packages);
        uses.follow("layer", layers.versions(), layer -> Set.of(layer.code().sha256()));
    }

    /** Readies a version to run and returns its id; nothing leads there yet. Refused where this host cannot run it. */
    int deploy(VersionRecord version) {
        FunctionConfig config = config(version);
        try {
            int functionId = deployments.deploy(config, version.version());
            uses.put(functionId, packages(version));
            return functionId;
        } catch (IOException | IllegalArgumentException e) {
            throw unfit(config, String.valueOf(e.getMessage()));
        } catch (ServiceFault refused) {
            throw new ServiceFault(refused.status(), refused.errorType(), withoutPaths(config, refused.text()));
        }
    }

    /** Deploys a version from a snapshot that it makes. On another thread, for minutes at worst. */
    @FunctionalInterface
    interface SnapshotStart {
        int deploy() throws SnapshotRefused, InterruptedException;
    }

    SnapshotStart snapshotStart(VersionRecord version) {
        FunctionConfig config = config(version);
        return () -> {
            try {
                return deployments.deployFromSnapshot(config, version.version());
            } catch (IOException | IllegalArgumentException e) {
                throw cannotRun(config.name(), e);
            }
        };
    }

    /** What {@link #snapshotStart} has deployed is the version's. */
    void takeFromSnapshot(VersionRecord version, int functionId) {
        uses.put(functionId, packages(version));
        take(version, functionId);
    }

    private static ServiceFault cannotRun(String name, Exception why) {
        return ServiceFault.invalidParameter("Function " + name + " cannot run here: " + why.getMessage());
    }

    /** Refuses what no version could ever do here. */
    void checkSnapStart(String name, FunctionSettings settings) {
        String problem = settings.snapStarts() ? deployments.snapshotProblem() : null;
        if (problem != null) {
            throw ServiceFault.invalidParameter("SnapStart of " + name + ": PublishedVersions, " + problem);
        }
        if (settings.snapStarts() && settings.ephemeralStorageMib() > FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB) {
            throw ServiceFault.invalidParameter(
                    "SnapStart of " + name + ": PublishedVersions, is not for ephemeral storage"
                            + " of " + settings.ephemeralStorageMib() + " MB, which must be at most "
                            + FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB + " MB");
        }
    }

    /** Does ahead what may take long. On another thread. */
    Runnable preparation(VersionRecord version) throws ServiceFault {
        FunctionConfig config = config(version);
        return () -> {
            try {
                deployments.prepare(config);
            } catch (IOException e) {
                throw unfit(config, String.valueOf(e.getMessage()));
            } catch (ServiceFault refused) {
                throw new ServiceFault(refused.status(), refused.errorType(), withoutPaths(config, refused.text()));
            }
        };
    }

    private static ServiceFault unfit(FunctionConfig config, String problem) {
        return ServiceFault.invalidParameter(
                "Function " + config.name() + " cannot run here: " + withoutPaths(config, problem));
    }

    /** Clients are not told where on this host their code lies. */
    private static String withoutPaths(FunctionConfig config, String problem) {
        String text = problem.replace(config.codeUri().toString(), config.image() == null ? "its code" : "its image");
        for (Path layer : config.layers()) {
            text = text.replace(layer.toString(), "a layer of it");
        }
        return text;
    }

    /** A version's invocations go to this deployment from now on; what was there is retired. */
    void take(VersionRecord version, int functionId) {
        Integer before = deployed.put(version.key(), functionId);
        route(version.name());
        if (before != null) {
            retire(before);
        }
    }

    /** Invocations of a version that nothing leads to are refused with its state. */
    void withhold(VersionRecord version, Progress progress) {
        deployments.withhold(version.name(), version.version(), stateOf(version, progress));
        withholdAliases(version.name());
    }

    /** Invocations of an alias whose version cannot be invoked are refused with that one's state. */
    private void withholdAliases(String name) {
        Set<String> withheld = new HashSet<>();
        for (AliasRecord alias : catalog.aliasesOf(name)) {
            VersionRecord version = catalog.versions().get(VersionRecord.key(name, alias.version()));
            if (version != null && !deployed.containsKey(version.key())) {
                deployments.withhold(name, alias.alias(), stateOf(version, version.progress()));
                withheld.add(alias.alias());
            }
        }
        Set<String> before = withheld.isEmpty() ? withheldAliases.remove(name) : withheldAliases.put(name, withheld);
        if (before != null) {
            before.stream()
                    .filter(alias -> !withheld.contains(alias))
                    .forEach(alias -> deployments.withhold(name, alias, null));
        }
    }

    private static String stateOf(VersionRecord version, Progress progress) {
        return version.snapStarts() && progress.isPending() ? FunctionRegistry.SNAPSHOT_PENDING : progress.state();
    }

    /** Every version of the name has as many environments ahead as the catalogue says, by itself or by its alias. */
    void provision(String name) {
        Map<String, Integer> wanted = new HashMap<>();
        for (ProvisionedRecord record : catalog.provisioned().of(name).values()) {
            shares(record).forEach((version, share) -> wanted.merge(version, share, Integer::sum));
        }
        for (VersionRecord version : catalog.versionsOf(name)) {
            Integer functionId = deployed.get(version.key());
            Integer environments = wanted.getOrDefault(version.key(), 0);
            if (functionId != null && !environments.equals(provisioned.getOrDefault(functionId, 0))) {
                deployments.provision(functionId, environments);
                provisioned.put(functionId, environments);
            }
        }
    }

    /** By the keys of versions: an alias of two shares its environments out by its weight, one each at least. */
    private Map<String, Integer> shares(ProvisionedRecord record) {
        VersionRecord version = catalog.find(record.name(), record.qualifier());
        if (version == null) {
            return Map.of();
        }
        AliasRecord alias = catalog.aliases().get(record.key());
        Map<String, Double> weights = alias == null ? Map.of() : alias.weights();
        for (Map.Entry<String, Double> additional : weights.entrySet()) {
            String other = VersionRecord.key(record.name(), additional.getKey());
            double weight = additional.getValue();
            int most = weight < 1 ? record.requested() - 1 : record.requested();
            int share = (int) Math.min(most, Math.max(weight > 0 ? 1 : 0, Math.round(record.requested() * weight)));
            if (share > 0 && deployed.containsKey(other)) {
                return Map.of(version.key(), record.requested() - share, other, share);
            }
        }
        return Map.of(version.key(), record.requested());
    }

    /** How far provisioned concurrency has come, of all versions that it is for. */
    Deployments.Provisioned provisioned(ProvisionedRecord record) {
        Map<String, Integer> shares = shares(record);
        int allocated = 0;
        int available = 0;
        boolean failed = shares.isEmpty();
        for (String version : shares.keySet()) {
            Integer functionId = deployed.get(version);
            Deployments.Provisioned one = functionId == null ? null : deployments.provisioned(functionId);
            allocated += one == null ? 0 : one.allocated();
            available += one == null ? 0 : one.available();
            failed |= one == null || one.failed();
        }
        return new Deployments.Provisioned(record.requested(), allocated, available, failed);
    }

    /** It is not needed after all. */
    void retire(int functionId) {
        provisioned.remove(functionId);
        deployments.retire(functionId, () -> thread.later(() -> onGone(functionId)));
    }

    private void onGone(int functionId) {
        uses.put(functionId, Set.of()).forEach(this::deleteUnused);
    }

    /** The deployment of a version, or null where it has none. */
    @Nullable
    Integer deploymentOf(VersionRecord version) {
        return deployed.get(version.key());
    }

    /** Versions and aliases lead where the catalogue says, and so does what is provisioned for them. */
    void route(String name) {
        withholdAliases(name);
        Integer latest = deployed.get(VersionRecord.key(name, VersionRecord.LATEST));
        if (latest == null) {
            return;
        }
        Map<String, Integer> versions = new HashMap<>();
        for (VersionRecord version : catalog.versionsOf(name)) {
            Integer functionId = deployed.get(version.key());
            if (functionId != null && !version.isLatest()) {
                versions.put(version.version(), functionId);
            }
        }
        Map<String, FunctionRoutes.AliasRoute> aliases = new HashMap<>();
        for (AliasRecord alias : catalog.aliasesOf(name)) {
            Integer functionId = deployed.get(VersionRecord.key(name, alias.version()));
            if (functionId != null) {
                aliases.put(alias.alias(), route(alias, functionId));
            }
        }
        deployments.route(name, new FunctionRoutes(latest, versions, aliases));
        try {
            provision(name);
        } catch (ServiceFault refused) {
            // The route stands; its provisioned concurrency says that it failed.
            errorHandler.onError(refused);
        }
    }

    private FunctionRoutes.AliasRoute route(AliasRecord alias, int functionId) {
        for (Map.Entry<String, Double> additional : alias.weights().entrySet()) {
            Integer other = deployed.get(VersionRecord.key(alias.name(), additional.getKey()));
            if (other != null) {
                return new FunctionRoutes.AliasRoute(functionId, other, additional.getValue());
            }
        }
        return new FunctionRoutes.AliasRoute(functionId, FunctionRoutes.AliasRoute.NONE, 0);
    }

    /** A version that was deleted. */
    void drop(VersionRecord version) {
        deployments.withhold(version.name(), version.version(), null);
        Integer functionId = deployed.remove(version.key());
        if (catalog.hasFunction(version.name())) {
            route(version.name());
        }
        if (functionId != null) {
            retire(functionId);
        } else {
            packages(version).forEach(this::deleteUnused);
        }
    }

    /** A function that was deleted with all its versions. */
    void dropAll(String name, List<VersionRecord> versions) {
        deployments.unroute(name);
        withholdAliases(name);
        deployments.reserve(name, FunctionConfig.UNRESERVED);
        versions.forEach(this::drop);
    }

    /** Deletes a package unless something needs it. Any thread. */
    void deleteUnusedLater(String sha256) {
        thread.later(() -> deleteUnused(sha256));
    }

    /** Deletes a package that nothing needs any more. */
    void deleteUnused(String sha256) {
        if (!uses.needs(sha256)) {
            thread.clearUp(() -> delete(sha256));
        }
    }

    private void delete(String sha256) {
        try {
            // Asked again: the same package may have been put, and written down, in between.
            code.delete(sha256, uses::needs);
        } catch (IOException e) {
            errorHandler.onError(e);
        }
    }

    /** Mends packages that a stop of the machine has torn. Before anything is deployed. */
    void recoverPackages() throws IOException {
        for (String damaged : code.recover(uses.all())) {
            errorHandler.onError(new IOException(damaged));
        }
    }

    /** Sets packages aside that an earlier process left behind. */
    void sweep(long nowEpochMs) throws IOException {
        code.keepOnly(uses.all(), nowEpochMs);
    }

    static Set<String> packages(VersionRecord version) {
        Set<String> packages = new HashSet<>();
        packages.add(version.code().stored());
        version.settings().layers().forEach(layer -> packages.add(layer.sha256()));
        return packages;
    }

    private FunctionConfig config(VersionRecord version) {
        FunctionSettings settings = version.settings();
        Map<String, String> environment = settings.environment();
        FunctionRecord function = catalog.functions().get(version.name());
        Integer reserved = function == null ? null : function.reservedConcurrency();
        ImageConfig image = settings.image();
        return new FunctionConfig(
                version.name(),
                version.code().isImage()
                        ? image(version.code())
                        : code.files(version.code().sha256()),
                settings.handler(),
                settings.runtime(),
                settings.architecture(),
                settings.memoryMib(),
                settings.timeoutSec(),
                settings.ephemeralStorageMib(),
                settings.layers().stream()
                        .map(layer -> code.files(layer.sha256()))
                        .toList(),
                environment == null ? Map.of() : environment,
                reserved == null ? FunctionConfig.UNRESERVED : reserved,
                settings.isImage() ? (image == null ? ImageConfig.NONE : image) : null,
                logging(version.name(), settings.logging()));
    }

    /** Our copy; of a state that an older build has written, what lies at its place now. */
    private Path image(FunctionCode image) {
        Path kept = code.image(image.sha256());
        return kept == null ? Path.of(image.imageUri()) : kept;
    }

    private static LoggingConfig logging(String name, LoggingSettings logging) {
        String group = logging.group().equals(LoggingSettings.of(name).group()) ? null : logging.group();
        if (!logging.format().equals(LoggingSettings.JSON)) {
            return new LoggingConfig(
                    LoggingConfig.Format.TEXT, LoggingConfig.Level.INFO, LoggingConfig.Level.INFO, group);
        }
        return new LoggingConfig(
                LoggingConfig.Format.JSON,
                LoggingConfig.Level.valueOf(logging.applicationLevel()),
                LoggingConfig.Level.valueOf(logging.systemLevel()),
                group);
    }
}
