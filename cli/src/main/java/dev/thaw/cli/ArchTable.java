package dev.thaw.cli;

import dev.thaw.results.ArchRun;
import dev.thaw.results.statistics.MedianInterval;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code thaw arch} prints: for each kernel a line for each build. */
final class ArchTable {
    private static final double MILLION = 1e6;
    private static final List<String> BASES = List.of("scalar", "sse2", "neon");

    private final ArchRun run;
    private final StringBuilder out = new StringBuilder();

    private ArchTable(ArchRun run) {
        this.run = run;
    }

    static String of(ArchRun run) {
        ArchTable table = new ArchTable(run);
        run.kernels().forEach(table::kernel);
        return table.out.toString();
    }

    private void kernel(ArchRun.Kernel kernel) {
        List<ArchRun.Outcome> outcomes = run.outcomes().stream()
                .filter(each -> each.kernel().equals(kernel.name()))
                .toList();
        boolean agree = outcomes.stream().allMatch(each -> each.checksum().equals(kernel.checksum()));
        String verdict = agree ? "all agree" : "BUILDS DISAGREE";
        out.append(kernel.name() + ": checksum " + kernel.checksum() + ", " + verdict + "\n");
        for (ArchRun.Outcome each : outcomes) {
            String same = each.checksum().equals(kernel.checksum()) ? "" : "  WRONG: " + each.checksum();
            String line = String.format(
                    Locale.ROOT,
                    "  %-15s %-42s %-34s %s%s",
                    each.build(),
                    speed(each, kernel),
                    ratios(each, outcomes),
                    instructions(each),
                    same);
            out.append(line.stripTrailing()).append('\n');
        }
    }

    private String speed(ArchRun.Outcome outcome, ArchRun.Kernel kernel) {
        if (outcome.unitsPerSecond().isEmpty()) {
            boolean emulated = run.builds().stream()
                    .anyMatch(each -> each.name().equals(outcome.build()) && each.runsOn() != null);
            return emulated ? "emulated" : "not timed";
        }
        MedianInterval speed = MedianInterval.of(outcome.unitsPerSecond());
        String interval = Double.isNaN(speed.low())
                ? ""
                : String.format(Locale.ROOT, " (%,.0f..%,.0f)", speed.low() / MILLION, speed.high() / MILLION);
        return String.format(Locale.ROOT, "%,.0f M %s/s%s", speed.median() / MILLION, kernel.unit(), interval);
    }

    private String ratios(ArchRun.Outcome outcome, List<ArchRun.Outcome> all) {
        StringBuilder ratios = new StringBuilder();
        for (String base : BASES) {
            String name = run.architecture() + "-" + base;
            all.stream()
                    .filter(each -> each.build().equals(name) && !name.equals(outcome.build()))
                    .filter(each -> !each.unitsPerSecond().isEmpty()
                            && each.unitsPerSecond().size()
                                    == outcome.unitsPerSecond().size())
                    .map(each -> MedianInterval.ofRatios(outcome.unitsPerSecond(), each.unitsPerSecond()))
                    .forEach(each -> ratios.append(String.format(
                            Locale.ROOT, "%s%.2f of %s", ratios.isEmpty() ? "" : ", ", each.median(), base)));
        }
        return ratios.toString();
    }

    private static String instructions(ArchRun.Outcome outcome) {
        Map<String, Integer> counts = outcome.instructions();
        return counts == null ? "" : counts.toString().replaceAll("[{}]", "").replace('=', ' ');
    }
}
