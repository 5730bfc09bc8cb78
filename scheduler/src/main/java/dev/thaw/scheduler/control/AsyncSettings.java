package dev.thaw.scheduler.control;

import dev.thaw.scheduler.events.EventSettings;
import dev.thaw.scheduler.functions.FunctionReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What functions, versions and aliases ask for of their asynchronous invocations, as the queue of events looks it up.
 *
 * <p>Threading: {@link #settingsOf} is safe on any thread; the rest is the control plane's.
 */
final class AsyncSettings implements EventSettings.Source {
    private final Catalog catalog;
    /** By function and qualifier; each map is never changed. */
    private final Map<String, Map<String, EventSettings>> byName = new ConcurrentHashMap<>();

    AsyncSettings(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public EventSettings settingsOf(String functionArn) {
        FunctionReference reference = FunctionReference.parse(functionArn);
        if (reference == null) {
            return EventSettings.DEFAULT;
        }
        Map<String, EventSettings> settings = byName.getOrDefault(reference.name(), Map.of());
        String qualifier = reference.qualifier();
        return settings.getOrDefault(qualifier == null ? VersionRecord.LATEST : qualifier, EventSettings.DEFAULT);
    }

    /** The catalogue says something new of this function. */
    void refresh(String name) {
        FunctionRecord function = catalog.functions().get(name);
        if (function == null) {
            byName.remove(name);
            return;
        }
        Integer reserved = function.reservedConcurrency();
        boolean switchedOff = reserved != null && reserved == 0;
        Map<String, EventSettings> settings = new HashMap<>();
        for (VersionRecord version : catalog.versionsOf(name)) {
            put(settings, version, version.version(), switchedOff);
        }
        for (AliasRecord alias : catalog.aliasesOf(name)) {
            put(settings, catalog.find(name, alias.alias()), alias.alias(), switchedOff);
        }
        byName.put(name, Map.copyOf(settings));
    }

    private void put(
            Map<String, EventSettings> settings,
            @Nullable VersionRecord version,
            String qualifier,
            boolean switchedOff) {
        if (version == null) {
            return;
        }
        EventInvokeRecord record = catalog.eventInvokes().get(version.name() + ":" + qualifier);
        Integer maxRetries = record == null ? null : record.maxRetries();
        Integer maxAgeSec = record == null ? null : record.maxAgeSec();
        settings.put(
                qualifier,
                new EventSettings(
                        maxRetries == null ? EventSettings.DEFAULT_MAX_RETRIES : maxRetries,
                        maxAgeSec == null ? EventSettings.DEFAULT_MAX_AGE_SEC : maxAgeSec,
                        record == null ? null : orNull(record.onSuccess()),
                        record == null ? null : orNull(record.onFailure()),
                        orNull(version.settings().deadLetterTarget()),
                        switchedOff));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
