package dev.thaw.results.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Provisioned concurrency of one version of a function during a run.
 *
 * @param memoryMib of all its environments; null where nobody told, or it was not the same all the time
 * @param used any of it was there at the end, or ran something
 */
public record ProvisionedVersion(
        String function, String version, @Nullable Integer memoryMib, boolean used) {
    private static final String UNPUBLISHED = "$LATEST";
    private static final String RESOURCE = "function:";
    private static final double MIB_PER_GB = 1_024;

    /**
     * Whether an invocation of the reference may run on it: a name, with or without version or alias, or an ARN. An alias
     * may lead to every published version.
     */
    boolean isOf(String reference) {
        int resource = reference.indexOf(RESOURCE);
        String name = resource < 0 ? reference : reference.substring(resource + RESOURCE.length());
        int colon = name.indexOf(':');
        if (!function.equals(colon < 0 ? name : name.substring(0, colon))) {
            return false;
        }
        String qualifier = colon < 0 ? UNPUBLISHED : name.substring(colon + 1);
        boolean isVersion = qualifier.equals(UNPUBLISHED) || qualifier.chars().allMatch(Character::isDigit);
        return isVersion ? qualifier.equals(version) : !version.equals(UNPUBLISHED);
    }

    /** What all of them kept ready for so long, by the reference that they are of: memory times time, in GB-s. */
    static List<Double> keptGbS(List<ProvisionedVersion> versions, List<String> references, double seconds) {
        List<Double> kept = new ArrayList<>(Collections.nCopies(references.size(), 0.0));
        for (ProvisionedVersion each : versions) {
            int at = 0;
            while (at < references.size() && !each.isOf(references.get(at))) {
                at++;
            }
            if (at < references.size() && each.memoryMib != null) {
                kept.set(at, kept.get(at) + each.memoryMib / MIB_PER_GB * seconds);
            }
        }
        return kept;
    }
}
