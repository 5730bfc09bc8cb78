package dev.thaw.scheduler.control.code;

/**
 * A deployment package in the store.
 *
 * @param sha256 of the zip, base64: {@code CodeSha256}
 * @param sizeBytes of the zip: {@code CodeSize}
 * @param unzippedBytes of the files in it
 */
public record StoredCode(String sha256, long sizeBytes, long unzippedBytes) {}
