package dev.thaw.scheduler.control;

/**
 * Provisioned concurrency of a version or an alias.
 *
 * @param qualifier a version's number or an alias
 * @param lastModified as answers have it
 */
record ProvisionedRecord(String name, String qualifier, int requested, String lastModified) {
    String key() {
        return name + ":" + qualifier;
    }
}
