package dev.thaw.results.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Names what both sides tell of the same row, but one in other units than the other: nothing of it is compared. */
final class OtherUnits {
    private static final int NAMED = 3;

    private OtherUnits() {}

    /** A line, or none. */
    static List<String> notes(Evidence a, Evidence b, ComparisonSettings settings) {
        List<String> rows = new ArrayList<>(misfits("", a.overall(), b.overall(), settings));
        a.cells().forEach((cell, figures) -> {
            SequencedMap<String, Figure> others = b.cells().get(cell);
            if (others != null && settings.wantsCell(cell)) {
                rows.addAll(misfits(cell + " ", figures, others, settings));
            }
        });
        if (rows.isEmpty()) {
            return List.of();
        }
        String more = rows.size() > NAMED ? ", and " + (rows.size() - NAMED) + " more" : "";
        return List.of("In other units on the other side, and left out: "
                + String.join(", ", rows.subList(0, Math.min(NAMED, rows.size()))) + more + ".");
    }

    private static List<String> misfits(
            String row, Map<String, Figure> a, Map<String, Figure> b, ComparisonSettings settings) {
        List<String> misfits = new ArrayList<>();
        a.forEach((name, figure) -> {
            Figure other = b.get(name);
            if (other != null && isWanted(figure, settings) && !figure.fits(other)) {
                misfits.add(row + name + " (" + figure.unit() + " of A, " + other.unit() + " of B)");
            }
        });
        // A benchmark that is told in another way has another figure. Of all of it other figures are other things.
        boolean isRow = !row.isEmpty() && !a.isEmpty() && !b.isEmpty();
        if (isRow && a.keySet().stream().noneMatch(b::containsKey)) {
            misfits.add(row.strip() + " (" + words(a) + " of A, " + words(b) + " of B)");
        }
        return misfits;
    }

    private static boolean isWanted(Figure figure, ComparisonSettings settings) {
        return !(figure instanceof Figure.Quotient quotient) || settings.wants(quotient.metric());
    }

    private static String words(Map<String, Figure> figures) {
        return String.join(
                " and ",
                figures.values().stream()
                        .map(each -> each.name() + " in " + each.unit())
                        .toList());
    }
}
