package dev.thaw.scheduler.control;

/**
 * One version of a function.
 *
 * @param version {@code $LATEST} or a number
 * @param revisionId changes whenever anything of it changes
 * @param lastModified as answers have it
 * @param sourceDescription of a published version: what {@code $LATEST} had when it was published, because a version may
 *     be given a description of its own; empty for {@code $LATEST}
 */
record VersionRecord(
        String name,
        String version,
        FunctionSettings settings,
        FunctionCode code,
        String revisionId,
        String lastModified,
        Progress progress,
        String sourceDescription) {
    static final String LATEST = "$LATEST";

    boolean isLatest() {
        return version.equals(LATEST);
    }

    /** Its environments go on from a snapshot. */
    boolean snapStarts() {
        return !isLatest() && settings.snapStarts();
    }

    /** Of {@link Catalog#versions}: {@code $LATEST} comes before the numbers, and they are in order. */
    String key() {
        return key(name, version);
    }

    /** A number that is spelt with leading zeros is none, and its key no version's. */
    static String key(String name, String version) {
        String part =
                version.startsWith("0") ? "?" + version : "0".repeat(Math.max(0, 10 - version.length())) + version;
        return name + ":" + (version.equals(LATEST) ? LATEST : part);
    }

    VersionRecord with(Progress other, String otherRevisionId) {
        return new VersionRecord(
                name, version, settings, code, otherRevisionId, lastModified, other, sourceDescription);
    }

    /** What it would be with these. */
    VersionRecord with(FunctionSettings otherSettings, FunctionCode otherCode) {
        return new VersionRecord(
                name, version, otherSettings, otherCode, revisionId, lastModified, progress, sourceDescription);
    }

    /** It says the same as {@code $LATEST} does now. */
    boolean isSnapshotOf(VersionRecord latest) {
        return code.equals(latest.code)
                && settings.withDescription(sourceDescription).equals(latest.settings);
    }
}
