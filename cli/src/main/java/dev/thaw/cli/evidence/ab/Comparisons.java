package dev.thaw.cli.evidence.ab;

import dev.thaw.results.BundleSet;
import dev.thaw.results.RunBundle;
import dev.thaw.results.compare.Comparison;
import dev.thaw.results.compare.ComparisonSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** What a set says of each variant against the first. */
public record Comparisons(BundleSet set, List<String> variants) {
    /** By the name of the other variant. Fails with one line where they have nothing in common. */
    public SequencedMap<String, Comparison> all(ComparisonSettings settings) throws IOException {
        SequencedMap<String, Comparison> all = new LinkedHashMap<>();
        List<RunBundle> first = set.runs(variants.getFirst());
        for (String other : variants.subList(1, variants.size())) {
            all.put(other, Comparison.of(first, set.runs(other), settings));
        }
        return all;
    }
}
