package dev.thaw.scheduler.auth;

import java.util.List;
import java.util.Locale;

/**
 * One rule of what the holder of a key may do, or may not.
 *
 * @param actions {@code lambda:InvokeFunction}, in any case, with wildcards
 * @param resources ARNs with wildcards
 */
record IdentityStatement(boolean allows, List<String> actions, List<String> resources) {
    IdentityStatement {
        actions = List.copyOf(actions);
        resources = List.copyOf(resources);
    }

    boolean covers(String action, String resource) {
        String lower = action.toLowerCase(Locale.ROOT);
        return actions.stream().anyMatch(wanted -> Wildcards.match(wanted.toLowerCase(Locale.ROOT), lower))
                && resources.stream().anyMatch(wanted -> Wildcards.match(wanted, resource));
    }
}
