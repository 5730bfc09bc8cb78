package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Aliases, weighted or not (contract.md section 1.12).
 *
 * <p>Threading: the control plane's thread.
 */
final class AliasOperations {
    private static final Pattern NAME = Pattern.compile("(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
    private static final Pattern VERSION = Pattern.compile("(\\$LATEST|[0-9]+)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final int MAX_LISTED = 50;
    private static final int MAX_ITEMS = 10_000;

    private final Catalog catalog;
    private final Transaction transaction;
    private final Rollout rollout;

    AliasOperations(Catalog catalog, Transaction transaction, Rollout rollout) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.rollout = rollout;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of(
                "CreateAlias", this::create,
                "GetAlias", this::get,
                "UpdateAlias", this::update,
                "DeleteAlias", this::delete,
                "ListAliases", this::list);
    }

    private ObjectNode create(OperationInput input) {
        Body body = new Body(input.body());
        Checks checks = new Checks();
        String alias = body.string("Name");
        String version = body.string("FunctionVersion");
        checks.required(alias, "name");
        checks.required(version, "functionVersion");
        checkName(alias, checks);
        Map<String, Double> weights = checkRest(body, checks);
        FunctionTarget target = FunctionTarget.of(input, checks).unqualified();
        String name = target.name();
        String description = body.string("Description");
        AliasRecord record = new AliasRecord(
                name,
                String.valueOf(alias),
                String.valueOf(version),
                description == null ? "" : description,
                weights == null ? Map.of() : weights,
                FunctionLife.newRevisionId());
        checkVersions(record);
        if (catalog.aliases().has(record.key())) {
            throw ServiceFault.conflict("Alias already exists: " + Catalog.arn(name, alias));
        }
        return put(record);
    }

    private static void checkName(@Nullable String alias, Checks checks) {
        checks.length(alias, "name", 1, 128);
        checks.pattern(alias, "name", NAME);
    }

    /** Of creating and updating; the weights, null where nothing is said of them. */
    private static @Nullable Map<String, Double> checkRest(Body body, Checks checks) {
        String version = body.string("FunctionVersion");
        checks.length(version, "functionVersion", 1, 1_024);
        checks.pattern(version, "functionVersion", VERSION);
        checks.length(body.string("Description"), "description", 0, 256);
        Body routing = body.structure("RoutingConfig");
        if (routing == null) {
            return null;
        }
        Map<String, Double> weights = routing.numbers("AdditionalVersionWeights");
        if (weights == null) {
            return Map.of();
        }
        checkWeights(weights, checks);
        return weights;
    }

    private static void checkWeights(Map<String, Double> weights, Checks checks) {
        String at = "routingConfig.additionalVersionWeights";
        if (!weights.keySet().stream().allMatch(key -> NUMBER.matcher(key).matches())) {
            checks.add(
                    weights,
                    at,
                    "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must"
                            + " have length greater than or equal to 1, Member must satisfy regular expression pattern: "
                            + NUMBER.pattern() + "]");
        }
        if (!weights.values().stream().allMatch(weight -> weight >= 0 && weight <= 1)) {
            checks.add(
                    weights,
                    at,
                    "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must"
                            + " have value greater than or equal to 0.0, Member must not be null]");
        }
    }

    /** What it leads to is there and may be led to together. */
    private void checkVersions(AliasRecord alias) {
        if (alias.weights().size() > 1) {
            throw ServiceFault.invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
        }
        for (String other : alias.weights().keySet()) {
            if (alias.version().equals(VersionRecord.LATEST)) {
                throw ServiceFault.invalidParameter(
                        "$LATEST is not supported for an alias pointing to more than 1 version");
            }
            if (other.equals(alias.version())) {
                throw ServiceFault.invalidParameter("Invalid function version " + other + ". Function version " + other
                        + " is already included in routing configuration.");
            }
        }
        VersionRecord first = version(alias.name(), alias.version());
        for (String other : alias.weights().keySet()) {
            checkAlike(first, version(alias.name(), other));
        }
    }

    private VersionRecord version(String name, String version) {
        VersionRecord found = catalog.versions().get(VersionRecord.key(name, version));
        if (found == null) {
            throw ServiceFault.notFound("Function not found: " + Catalog.arn(name, version));
        }
        return found;
    }

    private static void checkAlike(VersionRecord first, VersionRecord second) {
        if (!first.settings().role().equals(second.settings().role())) {
            throw ServiceFault.invalidParameter("The execution role of version " + first.version() + " and version "
                    + second.version() + " must be the same in a routing configuration.");
        }
        if (!first.settings().deadLetterTarget().equals(second.settings().deadLetterTarget())) {
            throw ServiceFault.invalidParameter("The dead letter configuration of version " + first.version()
                    + " and version " + second.version() + " must be the same in a routing configuration.");
        }
    }

    private ObjectNode put(AliasRecord alias) {
        catalog.aliases().put(alias.key(), alias);
        transaction.touch(alias.name());
        transaction.then(() -> rollout.route(alias.name()));
        return json(alias);
    }

    private ObjectNode get(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        String alias = input.label("Name");
        AliasRecord found = catalog.aliases().get(target.name() + ":" + alias);
        if (found == null) {
            throw ServiceFault.notFound("Cannot find alias arn: " + Catalog.arn(target.name(), alias));
        }
        return json(found);
    }

    private ObjectNode update(OperationInput input) {
        Body body = new Body(input.body());
        Checks checks = new Checks();
        String alias = input.label("Name");
        checkName(alias, checks);
        Map<String, Double> weights = checkRest(body, checks);
        FunctionTarget target = FunctionTarget.of(input, checks);
        AliasRecord before = catalog.aliases().get(target.name() + ":" + alias);
        if (before == null) {
            throw ServiceFault.notFound("Alias not found: " + Catalog.arn(target.name(), alias));
        }
        FunctionLife.checkRevision(before.revisionId(), body.string("RevisionId"));
        String version = body.string("FunctionVersion");
        String description = body.string("Description");
        AliasRecord record = new AliasRecord(
                before.name(),
                alias,
                version == null ? before.version() : version,
                description == null ? before.description() : description,
                weights == null ? before.weights() : weights,
                FunctionLife.newRevisionId());
        checkVersions(record);
        return put(record);
    }

    /** An alias that is not there is as good as deleted. */
    private @Nullable JsonNode delete(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        AliasRecord alias = catalog.aliases().get(target.name() + ":" + input.label("Name"));
        if (alias != null) {
            catalog.removeAlias(alias);
            transaction.touch(alias.name());
            transaction.then(() -> rollout.route(alias.name()));
        }
        return null;
    }

    private ObjectNode list(OperationInput input) {
        String version = input.query("FunctionVersion");
        Checks checks = new Checks();
        checks.pattern(version, "functionVersion", VERSION);
        FunctionTarget target = FunctionTarget.of(input, checks);
        if (!catalog.hasFunction(target.name())) {
            throw target.notFound();
        }
        Paging<AliasRecord> page = Paging.of(aliases(target.name(), version), input, MAX_ITEMS, MAX_LISTED);
        ArrayNode aliases = JsonNodeFactory.instance.arrayNode();
        page.items().forEach(alias -> aliases.add(json(alias)));
        return page.answer("Aliases", aliases);
    }

    private NavigableMap<String, AliasRecord> aliases(String name, @Nullable String version) {
        NavigableMap<String, AliasRecord> all = catalog.aliases().of(name);
        if (version == null) {
            return all;
        }
        NavigableMap<String, AliasRecord> some = new TreeMap<>();
        for (AliasRecord alias : List.copyOf(all.values())) {
            if (alias.version().equals(version) || alias.weights().containsKey(version)) {
                some.put(alias.key(), alias);
            }
        }
        return some;
    }

    private static ObjectNode json(AliasRecord alias) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("AliasArn", Catalog.arn(alias.name(), alias.alias()));
        node.put("Name", alias.alias());
        node.put("FunctionVersion", alias.version());
        node.put("Description", alias.description());
        if (!alias.weights().isEmpty()) {
            ObjectNode weights = node.putObject("RoutingConfig").putObject("AdditionalVersionWeights");
            alias.weights().forEach(weights::put);
        }
        node.put("RevisionId", alias.revisionId());
        return node;
    }
}
