package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that the management API knows of functions. Versions, aliases and what else belongs to one function have
 * keys {@code name:part}.
 *
 * <p>Threading: the control plane's thread.
 */
public final class Catalog {
    /** Told when a function, or one of its versions or aliases, is deleted, in the same transaction. */
    @FunctionalInterface
    public interface Removals {
        /** It goes; a null qualifier stands for the whole function. */
        void onRemoved(String name, @Nullable String qualifier);
    }

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Table<FunctionRecord> functions;
    private final Table<VersionRecord> versions;
    private final Table<AliasRecord> aliases;
    private final Table<ProvisionedRecord> provisioned;
    private final Table<EventInvokeRecord> eventInvokes;
    private final Table<Integer> counters;
    private final List<Removals> removals = new ArrayList<>();

    public Catalog(StateStore store) {
        functions = store.table("function", Codec.json(MAPPER, FunctionRecord.class));
        versions = store.table("version", new VersionCodec(MAPPER, store.sealer()));
        aliases = store.table("alias", Codec.json(MAPPER, AliasRecord.class));
        provisioned = store.table("provisioned", Codec.json(MAPPER, ProvisionedRecord.class));
        eventInvokes = store.table("eventInvoke", Codec.json(MAPPER, EventInvokeRecord.class));
        counters = store.table("counter", Codec.json(MAPPER, Integer.class));
    }

    /** Tells whoever keeps more of functions than this when one goes. */
    public void onRemoval(Removals listener) {
        removals.add(listener);
    }

    Table<FunctionRecord> functions() {
        return functions;
    }

    Table<VersionRecord> versions() {
        return versions;
    }

    Table<AliasRecord> aliases() {
        return aliases;
    }

    Table<ProvisionedRecord> provisioned() {
        return provisioned;
    }

    Table<EventInvokeRecord> eventInvokes() {
        return eventInvokes;
    }

    /** There is a function of this name. */
    public boolean hasFunction(String name) {
        return functions.has(name);
    }

    /** There is such a version or alias; null stands for {@code $LATEST}. */
    public boolean has(String name, @Nullable String qualifier) {
        return find(name, qualifier) != null;
    }

    /** What is sure to be there. */
    FunctionRecord function(String name) {
        FunctionRecord function = functions.get(name);
        if (function == null) {
            throw new IllegalStateException("function " + name + " has versions and no record");
        }
        return function;
    }

    @Nullable
    VersionRecord latest(String name) {
        return versions.get(VersionRecord.key(name, VersionRecord.LATEST));
    }

    /** {@code $LATEST} of what a change is asked for; refuses what is not there, and a published version. */
    VersionRecord latest(FunctionTarget target) {
        VersionRecord latest = latest(target.name());
        if (latest == null) {
            throw target.notFound();
        }
        if (!target.isLatest()) {
            throw ServiceFault.invalidParameter(
                    "The operation cannot be performed on " + target.arn() + ". Only $LATEST can be changed.");
        }
        return latest;
    }

    /** The version that a qualifier leads to, by way of an alias or not; the first one of a weighted alias. */
    @Nullable
    VersionRecord find(String name, @Nullable String qualifier) {
        if (qualifier == null) {
            return latest(name);
        }
        AliasRecord alias = aliases.get(name + ":" + qualifier);
        return versions.get(VersionRecord.key(name, alias == null ? qualifier : alias.version()));
    }

    Collection<VersionRecord> versionsOf(String name) {
        return versions.of(name).values();
    }

    Collection<AliasRecord> aliasesOf(String name) {
        return aliases.of(name).values();
    }

    /** The last number that was given to a version, even of an earlier function of this name; 0 for none. */
    int lastVersion(String name) {
        Integer last = counters.get("function:" + name);
        return last == null ? 0 : last;
    }

    /** The next number of what is counted, from 1; given once, whatever is deleted. */
    int next(String counted) {
        Integer last = counters.get(counted);
        int next = last == null ? 1 : last + 1;
        counters.put(counted, next);
        return next;
    }

    int nextVersion(String name) {
        return next("function:" + name);
    }

    void removeFunction(String name) {
        removeAll(versions, name);
        removeAll(aliases, name);
        removeAll(provisioned, name);
        removeAll(eventInvokes, name);
        functions.remove(name);
        removals.forEach(listener -> listener.onRemoved(name, null));
    }

    private static void removeAll(Table<?> table, String name) {
        List.copyOf(table.of(name).keySet()).forEach(table::remove);
    }

    void removeVersion(VersionRecord version) {
        versions.remove(version.key());
        removeQualifier(version.name(), version.version());
    }

    void removeAlias(AliasRecord alias) {
        aliases.remove(alias.key());
        removeQualifier(alias.name(), alias.alias());
    }

    private void removeQualifier(String name, String qualifier) {
        provisioned.remove(name + ":" + qualifier);
        eventInvokes.remove(name + ":" + qualifier);
        removals.forEach(listener -> listener.onRemoved(name, qualifier));
    }

    static String arn(String name, @Nullable String qualifier) {
        String arn = FunctionRegistry.arnOf(name);
        return qualifier == null ? arn : arn + ":" + qualifier;
    }
}
