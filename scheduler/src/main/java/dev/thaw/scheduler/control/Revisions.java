package dev.thaw.scheduler.control;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Revision ids of versions and aliases, which change with what belongs to them as well.
 *
 * <p>Threading: the control plane's thread.
 */
final class Revisions {
    private final Catalog catalog;
    private final Supplier<String> ids;

    /** {@code ids} makes unique ones. */
    Revisions(Catalog catalog, Supplier<String> ids) {
        this.catalog = catalog;
        this.ids = ids;
    }

    /** Of what is there. */
    String of(FunctionTarget target) {
        AliasRecord alias = alias(target);
        return alias == null ? version(target).revisionId() : alias.revisionId();
    }

    /** Gives what is there a new one. */
    void renew(FunctionTarget target) {
        AliasRecord alias = alias(target);
        if (alias == null) {
            VersionRecord version = version(target);
            catalog.versions().put(version.key(), version.with(version.progress(), ids.get()));
        } else {
            catalog.aliases()
                    .put(
                            alias.key(),
                            new AliasRecord(
                                    alias.name(),
                                    alias.alias(),
                                    alias.version(),
                                    alias.description(),
                                    alias.weights(),
                                    ids.get()));
        }
    }

    private @Nullable AliasRecord alias(FunctionTarget target) {
        return catalog.aliases().get(target.name() + ":" + target.qualifier());
    }

    private VersionRecord version(FunctionTarget target) {
        return Objects.requireNonNull(catalog.find(target.name(), target.qualifier()));
    }
}
