package dev.thaw.results;

import dev.thaw.results.cost.PriceList;
import dev.thaw.results.statistics.MedianInterval;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds {@code summary.json} of {@code thaw arch}: everything that is needed to put it beside that of another host.
 * Speeds are of native builds alone; null where there is none.
 */
final class ArchSummary {
    /** Of a function with one whole vCPU. */
    static final int MEMORY_MIB = 1769;

    private static final double MIB_PER_GB = 1024;
    private static final double TRILLION = 1e12;
    private static final String SCALAR = "scalar";

    private final ArchRun run;

    ArchSummary(ArchRun run) {
        this.run = run;
    }

    ObjectNode build() {
        ObjectNode root = Json.MAPPER.createObjectNode();
        root.put("schema", Summary.SCHEMA).put("kind", ArchBundle.KIND);
        root.put("architecture", run.architecture());
        root.put("emulated", run.builds().stream().anyMatch(ArchRun.Build::emulated));
        root.put(Emulation.KEY, emulation());
        ObjectNode verdict = root.putObject("verdict");
        verdict.put("withinBudget", run.agrees());
        verdict.set("overBudget", disagreements());
        root.put("memoryMib", MEMORY_MIB);
        ObjectNode prices = root.putObject("usdPerGbSecond");
        for (PriceList each : PriceList.values()) {
            prices.put(each.key(), each.usdPerGbSecond());
        }
        ArrayNode builds = root.putArray("builds");
        run.builds().forEach(each -> builds.add(describe(each)));
        ArrayNode kernels = root.putArray("kernels");
        run.kernels().forEach(each -> kernels.add(kernel(each)));
        ArrayNode notRun = root.putArray("notRun");
        run.notRun().forEach(notRun::add);
        return root;
    }

    private String emulation() {
        long emulated = run.builds().stream().filter(ArchRun.Build::emulated).count();
        if (emulated == 0) {
            return Emulation.NATIVE.key();
        }
        return (emulated == run.builds().size() ? Emulation.EMULATED : Emulation.MIXED).key();
    }

    private ArrayNode disagreements() {
        ArrayNode lines = Json.MAPPER.createArrayNode();
        for (ArchRun.Outcome each : run.outcomes()) {
            String right = run.kernel(each.kernel()).checksum();
            if (!right.equals(each.checksum())) {
                lines.add(each.kernel() + " in " + each.build() + " gave " + each.checksum() + ", the reference "
                        + right);
            }
        }
        return lines;
    }

    private static ObjectNode describe(ArchRun.Build build) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", build.name()).put("language", build.language());
        node.put("architecture", build.architecture()).put("instructionSet", build.instructionSet());
        node.put("vectorBits", build.vectorBits() == 0 ? null : (Integer) build.vectorBits());
        return node.put("emulated", build.emulated()).put("emulator", build.runsOn());
    }

    private ObjectNode kernel(ArchRun.Kernel kernel) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("name", kernel.name()).put("unit", kernel.unit()).put("unitsPerRun", kernel.unitsPerRun());
        node.put("checksum", kernel.checksum());
        List<ArchRun.Outcome> outcomes = run.outcomes().stream()
                .filter(each -> each.kernel().equals(kernel.name()))
                .toList();
        node.put("agree", outcomes.stream().allMatch(each -> each.checksum().equals(kernel.checksum())));
        ArrayNode builds = node.putArray("builds");
        for (ArchRun.Build build : run.builds()) {
            outcomes.stream()
                    .filter(each -> each.build().equals(build.name()))
                    .forEach(each -> builds.add(outcome(build, kernel, each, outcomes)));
        }
        return node;
    }

    private ObjectNode outcome(
            ArchRun.Build build, ArchRun.Kernel kernel, ArchRun.Outcome outcome, List<ArchRun.Outcome> all) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("build", build.name()).put("architecture", build.architecture());
        node.put("emulated", build.emulated());
        node.put("checksum", outcome.checksum());
        node.put("matches", outcome.checksum().equals(kernel.checksum()));
        if (outcome.instructions() == null) {
            node.putNull("instructions");
        } else {
            ObjectNode instructions = node.putObject("instructions");
            new TreeMap<>(outcome.instructions()).forEach(instructions::put);
        }
        speed(node, build, outcome, all);
        return node;
    }

    private void speed(ObjectNode node, ArchRun.Build build, ArchRun.Outcome outcome, List<ArchRun.Outcome> all) {
        if (build.emulated() || outcome.unitsPerSecond().isEmpty()) {
            node.putNull("unitsPerSecond").putNull("ratioTo").putNull("usdPerTrillionUnits");
            return;
        }
        MedianInterval speed = MedianInterval.of(outcome.unitsPerSecond());
        ObjectNode unitsPerSecond = put(node.putObject("unitsPerSecond"), speed);
        ArrayNode rounds = unitsPerSecond.putArray("rounds");
        outcome.unitsPerSecond().forEach(rounds::add);
        ObjectNode ratios = node.putObject("ratioTo");
        for (ArchRun.Outcome base : all) {
            if (isBase(base.build()) && base.unitsPerSecond().size() == speed.count()) {
                put(
                        ratios.putObject(base.build()),
                        MedianInterval.ofRatios(outcome.unitsPerSecond(), base.unitsPerSecond()));
            }
        }
        node.put("usdPerTrillionUnits", usdPerSecond(build.architecture()) * TRILLION / speed.median());
    }

    /** The builds that others are compared with: scalar ones, and what every processor of the architecture has. */
    private boolean isBase(String name) {
        return run.builds().stream()
                .filter(each -> each.name().equals(name) && !each.emulated())
                .anyMatch(each -> each.instructionSet().equals(SCALAR)
                        || each.instructionSet().equals("sse2")
                        || each.instructionSet().equals("neon"));
    }

    private static ObjectNode put(ObjectNode node, MedianInterval interval) {
        node.put("median", interval.median());
        node.put("low", Double.isNaN(interval.low()) ? null : (Double) interval.low());
        node.put("high", Double.isNaN(interval.high()) ? null : (Double) interval.high());
        return node;
    }

    private static double usdPerSecond(String architecture) {
        PriceList price = architecture.equals(PriceList.ARM64.key()) ? PriceList.ARM64 : PriceList.X86_64;
        return price.usd(MEMORY_MIB / MIB_PER_GB);
    }
}
