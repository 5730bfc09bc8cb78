package dev.thaw.results.imports;

import dev.thaw.results.ImportedBundle;
import dev.thaw.results.ImportedBundle.Kind;
import dev.thaw.results.cost.PriceList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tables of cebert/aws-lambda-performance-benchmarks: means and p99 by workload, start, runtime and memory, both
 * architectures. Of each, the speed relative to 1,769 MB, which is one vCPU.
 */
final class Cebert implements Importer {
    private static final Kind DURATION = new Kind("duration", "ms", true, false);
    private static final Kind DURATION_P99 = new Kind("duration.p99", "ms", true, false);
    private static final Kind INIT = new Kind("init", "ms", true, false);
    private static final Kind INIT_P99 = new Kind("init.p99", "ms", true, false);
    private static final Kind SPEED = new Kind("speedOf1769MB", "ratio", false, false);
    private static final Kind COST = new Kind("cost", "USD/million", true, false);
    private static final int ONE_VCPU_MB = 1769;
    private static final double MILLION = 1e6;
    private static final double MS_PER_S = 1e3;
    private static final double MB_PER_GB = 1024;

    @Override
    public String format() {
        return "cebert";
    }

    @Override
    public boolean accepts(String name, String head) {
        return head.contains("| ARM64 Duration (ms) |")
                || head.startsWith("run,workload,start,runtime,memory_mb,arm64_duration_ms");
    }

    @Override
    public boolean isOneRun() {
        return true;
    }

    @Override
    public void read(Path file, BufferedReader text, Sink into) throws IOException {
        List<WorkloadCell> cells = new ArrayList<>();
        CebertTables.read(file, text, cells::add);
        Map<String, Double> ofOneVcpu = new HashMap<>();
        for (WorkloadCell cell : cells) {
            if (cell.memoryMb() == ONE_VCPU_MB && cell.durationMs() > 0) {
                ofOneVcpu.put(cell.architecture() + "/" + group(cell), cell.durationMs());
            }
        }
        for (WorkloadCell cell : cells) {
            if (cell.durationMs() > 0) {
                double oneMs = ofOneVcpu.getOrDefault(cell.architecture() + "/" + group(cell), 0.0);
                add(cell, oneMs, into.bundle(cell.architecture()));
            }
        }
    }

    private static String group(WorkloadCell cell) {
        return cell.workload() + "/" + cell.start() + "/" + cell.runtime();
    }

    private static void add(WorkloadCell cell, double ofOneVcpuMs, ImportedBundle bundle) {
        String name = group(cell) + "/" + cell.memoryMb();
        bundle.group(name, group(cell));
        add(bundle, name, DURATION, cell.durationMs());
        add(bundle, name, DURATION_P99, cell.durationP99Ms());
        add(bundle, name, INIT, cell.initMs());
        add(bundle, name, INIT_P99, cell.initP99Ms());
        add(bundle, name, SPEED, ofOneVcpuMs / cell.durationMs());
        PriceList price = Objects.requireNonNull(PriceList.of(cell.architecture()));
        double usd = price.usd((cell.durationMs() + cell.initMs()) / MS_PER_S * cell.memoryMb() / MB_PER_GB);
        add(bundle, name, COST, usd * MILLION + PriceList.USD_PER_MILLION_REQUESTS);
    }

    private static void add(ImportedBundle bundle, String cell, Kind kind, double value) {
        if (value > 0) {
            bundle.add(cell, kind, ImportedBundle.NO_TIME, value, 1);
        }
    }
}
