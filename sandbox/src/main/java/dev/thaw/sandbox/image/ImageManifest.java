package dev.thaw.sandbox.image;

import java.util.List;
import java.util.Map;

/**
 * One image of a layout or archive: what its manifest and its configuration say.
 *
 * @param digest of the manifest, or of the configuration where there is no manifest: 64 hexadecimal digits
 * @param layers from the lowest up
 */
record ImageManifest(
        String digest,
        List<Layer> layers,
        List<String> entryPoint,
        List<String> command,
        String workingDirectory,
        Map<String, String> environment) {
    /**
     * One layer.
     *
     * @param name as errors call it
     * @param file that holds it, packed or not
     * @param digest of the file, or empty where only the content's is known
     * @param contentDigest of the unpacked tar
     */
    record Layer(String name, String file, String digest, String contentDigest) {}
}
