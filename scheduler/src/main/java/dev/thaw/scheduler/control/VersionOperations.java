package dev.thaw.scheduler.control;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes versions (contract.md section 1.11): each a snapshot of {@code $LATEST}, under a number that is given once.
 *
 * <p>Threading: the control plane's thread.
 */
final class VersionOperations {
    private final Catalog catalog;
    private final FunctionLife life;

    VersionOperations(Catalog catalog, FunctionLife life) {
        this.catalog = catalog;
        this.life = life;
    }

    Map<String, OperationHandler> handlers() {
        return Map.of("PublishVersion", this::publish);
    }

    private ObjectNode publish(OperationInput input) {
        Body body = new Body(input.body());
        String description = body.string("Description");
        Checks checks = new Checks();
        checks.length(description, "description", 0, 256);
        VersionRecord latest = catalog.latest(FunctionTarget.of(input, checks));
        FunctionLife.checkChangeable(latest, body.string("RevisionId"));
        String sha256 = body.string("CodeSha256");
        String current = latest.code().sha256();
        if (sha256 != null && !sha256.isEmpty() && !sha256.equals(current)) {
            throw ServiceFault.invalidParameter(
                    "CodeSHA256 (" + sha256 + ") is different from current CodeSHA256 in $LATEST (" + current
                            + "). Please try again with the CodeSHA256 in $LATEST.");
        }
        VersionRecord version = catalog.find(latest.name(), Integer.toString(catalog.lastVersion(latest.name())));
        if (version == null || !version.isSnapshotOf(latest)) {
            version = life.publish(latest, description, Progress.ACTIVE);
            catalog.versions().put(latest.key(), latest.with(latest.progress(), FunctionLife.newRevisionId()));
        }
        return FunctionJson.full(version, Catalog.arn(version.name(), version.version()));
    }
}
