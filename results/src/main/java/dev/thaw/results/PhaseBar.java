package dev.thaw.results;

import java.util.Locale;
import java.util.Map;

/** A stacked bar of phases: a coloured part each, which a screen reader hears as text. */
final class PhaseBar {
    private PhaseBar() {}

    /** The whole width stands for the sum; a phase without time has no part. */
    static String render(Map<String, Double> usByPhase) {
        StringBuilder spoken = new StringBuilder();
        StringBuilder parts = new StringBuilder();
        double sumUs =
                usByPhase.values().stream().mapToDouble(Double::doubleValue).sum();
        usByPhase.forEach((phase, us) -> {
            if (us > 0) {
                double percent = 100 * us / sumUs;
                String label = String.format(Locale.ROOT, "%s %.1f us, %.1f %%", Html.escape(phase), us, percent);
                parts.append(String.format(
                        Locale.ROOT,
                        "<i style=\"width:%.3f%%;background:var(--p-%s)\" title=\"%s\"></i>",
                        percent,
                        Html.escape(phase),
                        label));
                spoken.append(spoken.isEmpty() ? "" : "; ").append(label);
            }
        });
        return "<div class=\"bar\" role=\"img\" aria-label=\"" + spoken + "\">" + parts + "</div>";
    }

    static String swatch(String phase) {
        return "<i class=\"swatch\" style=\"background:var(--p-" + Html.escape(phase) + ")\"></i>";
    }
}
