package dev.thaw.scheduler.control;

/**
 * A layer's version as a function has it: enough to go on when the layer is deleted (contract.md section 1.10).
 *
 * @param sha256 of its zip, base64
 */
record LayerUse(String arn, long sizeBytes, long unzippedBytes, String sha256) {}
