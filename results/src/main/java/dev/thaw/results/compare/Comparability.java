package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import dev.thaw.results.cost.PriceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which runs may stand against each other, and what must be said where they do. */
final class Comparability {
    private static final Set<String> OF_INVOCATIONS = Set.of("load", "replay", "simulate", "imported");

    private Comparability() {}

    /** Fails with one line that names the runs. */
    static void check(List<RunBundle> a, List<RunBundle> b) {
        if (a.isEmpty() || b.isEmpty()) {
            throw new IllegalArgumentException("compare: needs at least one run of A and one of B");
        }
        RunBundle first = a.getFirst();
        for (RunBundle run : all(a, b)) {
            if (!family(run).equals(family(first))) {
                throw new IllegalArgumentException("compare: " + run.id() + " is a run of kind '" + run.kind() + "', "
                        + first.id() + " of kind '" + first.kind() + "': they have nothing in common");
            }
            if (isEmulated(run) != isEmulated(first)) {
                throw new IllegalArgumentException("compare: " + run.id() + " ran " + emulation(run) + ", " + first.id()
                        + " " + emulation(first) + ": emulated speed says nothing about a processor");
            }
        }
    }

    private static List<RunBundle> all(List<RunBundle> a, List<RunBundle> b) {
        return Stream.concat(a.stream(), b.stream()).toList();
    }

    private static String family(RunBundle run) {
        return OF_INVOCATIONS.contains(run.kind()) ? "" : run.kind();
    }

    /** What processors the runs' kernels ran on; empty of other kinds. */
    static Set<String> architectures(List<RunBundle> a, List<RunBundle> b) {
        Set<String> architectures = new TreeSet<>();
        all(a, b).stream()
                .filter(run -> run.kind().equals("arch"))
                .forEach(run ->
                        architectures.add(run.summary().path("architecture").asString("")));
        return architectures;
    }

    /** Of kernels only native builds have a speed; they are emulated where none is native. */
    private static boolean isEmulated(RunBundle run) {
        boolean emulated = run.summary().path("emulated").asBoolean(false);
        return emulated
                && switch (run.kind()) {
                    case "arch" -> !hasSpeed(run);
                    default -> OF_INVOCATIONS.contains(run.kind());
                };
    }

    private static boolean hasSpeed(RunBundle run) {
        return run.summary()
                .path("kernels")
                .valueStream()
                .flatMap(kernel -> kernel.path("builds").valueStream())
                .anyMatch(build -> !build.path("unitsPerSecond").path("rounds").isEmpty());
    }

    private static String emulation(RunBundle run) {
        JsonNode emulation = run.summary().path("emulation");
        return emulation.isString() ? emulation.asString() : isEmulated(run) ? "emulated" : "native";
    }

    /** A line each. */
    static List<String> notes(List<RunBundle> a, List<RunBundle> b) {
        List<String> notes = new ArrayList<>();
        if (isEmulated(a.getFirst())) {
            notes.add("All runs are emulated: this compares the emulator's work, not a processor's.");
        }
        Set<String> architectures = architectures(a, b);
        if (architectures.size() > 1) {
            notes.add("List price of a GB-second: " + prices(architectures) + ".");
        }
        Set<String> twice = new TreeSet<>();
        for (RunBundle run : all(a, b)) {
            JsonNode verdict = run.summary().path("verdict");
            if (verdict.path("withinBudget").isBoolean()
                    && !verdict.path("withinBudget").asBoolean()) {
                notes.add("Not to be trusted: " + run.id() + ": " + firstLine(verdict.path("overBudget")));
            }
            if (a.stream().anyMatch(each -> each.id().equals(run.id()))
                    && b.stream().anyMatch(each -> each.id().equals(run.id()))
                    && twice.add(run.id())) {
                notes.add("On both sides: " + run.id() + ".");
            }
        }
        return notes;
    }

    private static String prices(Set<String> architectures) {
        List<String> prices = new ArrayList<>();
        for (String each : architectures) {
            PriceList list = PriceList.of(each);
            prices.add(
                    (list == null ? "unknown" : String.format(Locale.ROOT, "%.10f USD", list.usd(1))) + " on " + each);
        }
        return String.join(", ", prices);
    }

    private static String firstLine(JsonNode lines) {
        return lines.path(0).asString("over its own budget");
    }
}
