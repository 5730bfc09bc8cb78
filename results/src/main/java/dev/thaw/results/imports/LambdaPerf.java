package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Cold starts of the real service, day by day, as the project lambda-perf publishes them: its daily JSON, and tables
 * made of it. A cell is a runtime, its package and its memory; its group the runtime.
 */
final class LambdaPerf implements Importer {
    private static final Kind INIT = new Kind("init", "ms", true, true);
    private static final Kind DURATION = new Kind("firstInvoke", "ms", true, false);
    private static final Kind MEMORY = new Kind("memoryUsed", "MB", true, false);
    private static final Kind COST = new Kind("coldStartCost", "USD/million", true, false);
    private static final double MILLION = 1e6;

    @Override
    public String format() {
        return "lambda-perf";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("\"runtimeData\"") || head.startsWith("date,runtime,package,memory_mb,arch,");
    }

    @Override
    public boolean isOneRun() {
        return true;
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        LambdaPerfData.read(file, text, cell -> add(cell, into.bundle(cell.architecture())));
    }

    private static void add(ColdStartCell cell, ImportedBundle bundle) {
        String name = cell.runtime() + "/" + cell.packaging() + "/" + cell.memoryMb();
        double at = cell.atSeconds();
        bundle.group(name, cell.runtime());
        for (double init : cell.initsMs()) {
            bundle.add(name, INIT, at, init, 1);
        }
        if (cell.durationMs() > 0) {
            bundle.add(name, DURATION, at, cell.durationMs(), 1);
        }
        if (cell.memoryUsedMb() > 0) {
            bundle.add(name, MEMORY, at, cell.memoryUsedMb(), 1);
        }
        PriceList price = PriceList.of(cell.architecture());
        if (price != null && cell.initsMs().length > 0 && cell.durationMs() > 0) {
            // Init is billed since 2025-08-01.
            double initMs = Arrays.stream(cell.initsMs()).average().orElseThrow();
            double gbSeconds = (initMs + cell.durationMs()) / 1000 * cell.memoryMb() / 1024;
            bundle.add(name, COST, at, price.usd(gbSeconds) * MILLION + PriceList.USD_PER_MILLION_REQUESTS, 1);
        }
    }
}
