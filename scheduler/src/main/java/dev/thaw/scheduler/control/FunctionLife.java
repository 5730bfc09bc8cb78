package dev.thaw.scheduler.control;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;

/**
 * How versions come to be, change and become active: the states between (contract.md section 9), revision ids, and the
 * order of record, deployment and route.
 *
 * <p>A zip is deployed before the operation is answered, and becomes active right behind it. An image may take long to
 * unpack, and a version that starts from a snapshot to initialise: it is deployed when it is ready, and until then nothing
 * leads to it, or to what was there before. Snapshots end with the process and are made again by the next one.
 *
 * <p>Threading: the control plane's thread.
 */
final class FunctionLife {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxx").withZone(ZoneOffset.UTC);

    private final Catalog catalog;
    private final Transaction transaction;
    private final Rollout rollout;
    private final ControlThread thread;
    private final EpochClock clock;

    FunctionLife(Catalog catalog, Transaction transaction, Rollout rollout, ControlThread thread, EpochClock clock) {
        this.catalog = catalog;
        this.transaction = transaction;
        this.rollout = rollout;
        this.thread = thread;
        this.clock = clock;
    }

    /** The time, as answers have it. */
    String now() {
        return TIME.format(Instant.ofEpochMilli(clock.time()));
    }

    /** The time, as answers about provisioned concurrency have it. */
    String nowInSeconds() {
        return SECONDS.format(Instant.ofEpochMilli(clock.time()));
    }

    long nowEpochMs() {
        return clock.time();
    }

    static String newRevisionId() {
        return UUID.randomUUID().toString();
    }

    /** A new function's first version, or a change of {@code $LATEST}; on its way once this returns. */
    VersionRecord begin(String name, FunctionSettings settings, FunctionCode code, Progress progress) {
        rollout.checkSnapStart(name, settings);
        VersionRecord version =
                new VersionRecord(name, VersionRecord.LATEST, settings, code, newRevisionId(), now(), progress, "");
        catalog.versions().put(version.key(), version);
        transaction.touch(name);
        start(version);
        return version;
    }

    /** A number for what {@code $LATEST} is now; on its way once this returns. */
    VersionRecord publish(VersionRecord latest, @Nullable String description, Progress progress) {
        FunctionSettings settings = latest.settings();
        VersionRecord version = new VersionRecord(
                latest.name(),
                Integer.toString(catalog.nextVersion(latest.name())),
                description == null ? settings : settings.withDescription(description),
                latest.code(),
                newRevisionId(),
                now(),
                settings.snapStarts() ? Progress.CREATING : progress,
                settings.description());
        catalog.versions().put(version.key(), version);
        transaction.touch(version.name());
        start(version);
        return version;
    }

    /** Refuses what may not change now, or has changed since the caller looked. */
    static void checkChangeable(VersionRecord latest, @Nullable String revisionId) {
        String arn = Catalog.arn(latest.name(), null);
        if (latest.progress().isPending()) {
            throw ServiceFault.conflict(
                    "The operation cannot be performed at this time. The function is currently in the"
                            + " following state: Pending");
        }
        if (latest.progress().isUpdating()) {
            throw ServiceFault.conflict(
                    "The operation cannot be performed at this time. An update is in progress for resource: " + arn);
        }
        checkRevision(latest.revisionId(), revisionId);
    }

    static void checkRevision(String latest, @Nullable String given) {
        if (given != null && !given.equals(latest)) {
            throw ServiceFault.preconditionFailed(
                    "The Revision Id provided does not match the latest Revision Id. Call the"
                            + " GetFunction/GetAlias API to retrieve the latest Revision Id");
        }
    }

    private void start(VersionRecord version) {
        if (version.snapStarts() && !version.progress().equals(Progress.ACTIVE)) {
            Rollout.SnapshotStart start = rollout.snapshotStart(version);
            transaction.then(() -> startFromSnapshot(version, start));
            return;
        }
        if (version.code().isImage() && !version.progress().equals(Progress.ACTIVE)) {
            startLater(version);
            return;
        }
        int functionId = rollout.deploy(version);
        transaction.orElse(() -> rollout.retire(functionId));
        transaction.then(() -> {
            rollout.take(version, functionId);
            if (!version.progress().equals(Progress.ACTIVE)) {
                thread.later(() -> end(version, Progress.ACTIVE));
            }
        });
    }

    private void startLater(VersionRecord version) {
        Runnable preparation = rollout.preparation(version);
        transaction.then(() -> {
            if (version.progress().isPending()) {
                rollout.withhold(version, version.progress());
            }
            boolean taken = thread.prepare(() -> {
                try {
                    preparation.run();
                    thread.later(() -> deployPrepared(version));
                } catch (ServiceFault failure) {
                    thread.later(() -> fail(version, failure));
                }
            });
            if (!taken) {
                thread.later(() -> fail(version, ServiceFault.tooManyRequests()));
            }
        });
    }

    private void startFromSnapshot(VersionRecord version, Rollout.SnapshotStart start) {
        rollout.withhold(version, version.progress());
        thread.takeSnapshot(() -> {
            try {
                int functionId = start.deploy();
                thread.later(() -> takeFromSnapshot(version, functionId));
            } catch (SnapshotRefused refused) {
                String why = String.valueOf(refused.getMessage());
                thread.later(() -> end(version, Progress.failed(why, refused.reasonCode())));
            } catch (ServiceFault refused) {
                thread.later(() -> fail(version, refused));
            } catch (InterruptedException closing) {
                // Still pending: the next process makes it.
                Thread.currentThread().interrupt();
            }
        });
    }

    private void takeFromSnapshot(VersionRecord version, int functionId) {
        if (isStill(version)) {
            rollout.takeFromSnapshot(version, functionId);
            end(version, Progress.ACTIVE);
        } else {
            rollout.retire(functionId);
        }
    }

    private void deployPrepared(VersionRecord version) {
        if (!isStill(version)) {
            return;
        }
        try {
            int functionId = rollout.deploy(version);
            rollout.take(version, functionId);
            end(version, Progress.ACTIVE);
        } catch (ServiceFault failure) {
            fail(version, failure);
        }
    }

    private void fail(VersionRecord version, ServiceFault failure) {
        end(
                version,
                version.progress().isPending()
                        ? Progress.failed(failure.text())
                        : Progress.updateFailed(failure.text()));
    }

    /** Unless it was changed or deleted meanwhile. */
    private void end(VersionRecord version, Progress progress) {
        if (!isStill(version)) {
            return;
        }
        catalog.versions().put(version.key(), version.with(progress, newRevisionId()));
        try {
            transaction.commit();
        } catch (RuntimeException failure) {
            transaction.rollback();
            throw failure;
        }
        if (progress.isFailed()) {
            rollout.withhold(version, progress);
        }
    }

    private boolean isStill(VersionRecord version) {
        VersionRecord now = catalog.versions().get(version.key());
        return now != null && now.revisionId().equals(version.revisionId());
    }

    private void resumeFromSnapshot(VersionRecord version) {
        rollout.checkSnapStart(version.name(), version.settings());
        end(version, Progress.CREATING);
        VersionRecord pending = catalog.versions().get(version.key());
        if (pending != null) {
            startFromSnapshot(pending, rollout.snapshotStart(pending));
        }
    }

    /**
     * Deploys a version that an earlier process has left, whatever it was doing; whether it can run here may have
     * changed.
     *
     * @return null, or why it does not run
     */
    @Nullable
    String resume(VersionRecord version) {
        if (rollout.deploymentOf(version) != null) {
            return null;
        }
        try {
            if (version.snapStarts()) {
                resumeFromSnapshot(version);
                return null;
            }
            rollout.preparation(version).run();
            int functionId = rollout.deploy(version);
            rollout.take(version, functionId);
            if (!version.progress().equals(Progress.ACTIVE)) {
                end(version, Progress.ACTIVE);
            }
            return null;
        } catch (ServiceFault failure) {
            end(version, Progress.failed(failure.text()));
            return failure.text();
        }
    }
}
