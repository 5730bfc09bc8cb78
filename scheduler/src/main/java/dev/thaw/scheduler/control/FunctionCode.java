package dev.thaw.scheduler.control;

import java.util.Base64;
import java.util.HexFormat;

/**
 * A function's code.
 *
 * @param sha256 {@code CodeSha256}: base64 of the zip's; hexadecimal of an image's manifest
 * @param sizeBytes of the zip, 0 for an image
 * @param unzippedBytes of the zip's files, 0 for an image
 * @param imageUri an image's path; empty for a zip
 */
record FunctionCode(String sha256, long sizeBytes, long unzippedBytes, String imageUri) {
    boolean isImage() {
        return !imageUri.isEmpty();
    }

    /** As the store knows it: base64 of either. */
    String stored() {
        return isImage() ? Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)) : sha256;
    }
}
