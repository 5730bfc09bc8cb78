package dev.thaw.cli.virtual;

import dev.thaw.scheduler.virtual.DurationModel;
import dev.thaw.scheduler.virtual.EnvironmentModel;
import dev.thaw.scheduler.virtual.WorkModel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How long everything takes that a simulation does not decide, made from measurement.
 *
 * @param schema of the file
 * @param source one line for people: what was measured where
 * @param provenance which bundle or data set, which machine, which backend
 * @param initMilliVcpus CPU that an init uses, in thousandths of a vCPU; 0 where the measured times have others on the same
 *     CPU in them already
 * @param pooled all functions together: for what a function has too few samples of
 * @param functions by name; with an empty name for any function of that memory size
 */
public record MeasuredModel(
        int schema,
        String source,
        Map<String, String> provenance,
        int initMilliVcpus,
        MeasuredFunction pooled,
        List<MeasuredFunction> functions) {
    public static final int SCHEMA = 1;

    static final int MAX_MILLI_VCPUS = 4_000_000;
    /** A function's own table counts from here on; with fewer samples all functions' together does. */
    static final int MIN_SAMPLES = 8;

    public MeasuredModel {
        if (schema != SCHEMA) {
            throw new IllegalArgumentException("schema is " + schema + ", this version reads " + SCHEMA);
        }
        if (initMilliVcpus < 0 || initMilliVcpus > MAX_MILLI_VCPUS) {
            throw new IllegalArgumentException(
                    "initMilliVcpus is " + initMilliVcpus + ", must be 0.." + MAX_MILLI_VCPUS);
        }
        provenance = Map.copyOf(new TreeMap<>(provenance));
        functions = List.copyOf(functions);
    }

    /** Every cold start takes so long, nothing else takes any time. */
    public static MeasuredModel ofColdStart(long coldStartNs) {
        String source = "every init takes " + coldStartNs / 1_000_000.0 + " ms, everything but init and work no time";
        MeasuredFunction pooled = new MeasuredFunction(
                "", 0, WorkModel.MEMORY_SHARE, Map.of(Part.INIT_FUNCTION.key(), QuantileTable.constant(coldStartNs)));
        return new MeasuredModel(
                SCHEMA, source, Map.of(), EnvironmentModel.DEFAULT_INIT_MILLI_VCPUS, pooled, List.of());
    }

    /**
     * Of measurements of the real service that others published.
     *
     * @param pooled of all memory sizes, and the sizes each
     */
    static MeasuredModel ofService(
            String dataset,
            Path file,
            String runtime,
            String architecture,
            String source,
            MeasuredFunction pooled,
            List<MeasuredFunction> sizes) {
        Map<String, String> provenance = Map.of(
                "dataset",
                dataset,
                "file",
                String.valueOf(file.getFileName()),
                "runtime",
                runtime,
                "architecture",
                architecture,
                "backend",
                "AWS Lambda");
        return new MeasuredModel(SCHEMA, source, provenance, EnvironmentModel.DEFAULT_INIT_MILLI_VCPUS, pooled, sizes);
    }

    /** The table to draw from for a function: its own, its memory size's, or all functions'; the first of enough samples. */
    DurationModel duration(Part part, String name, int memoryMib) {
        Optional<QuantileTable> all = pooled.table(part);
        return Stream.of(own(name), ofSize(memoryMib))
                .flatMap(Optional::stream)
                .flatMap(measured -> measured.table(part).stream())
                .filter(table -> table.n() == 0 || table.n() >= MIN_SAMPLES || all.isEmpty())
                .findFirst()
                .or(() -> all)
                .map(QuantileTable::toModel)
                .orElse(DurationModel.NONE);
    }

    /** Its environments go on from snapshots: more of what was measured of their starts were restores than inits. */
    boolean isRestored(String name, int memoryMib) {
        return Stream.of(own(name), ofSize(memoryMib), Optional.of(pooled))
                .flatMap(Optional::stream)
                .filter(measured -> starts(measured, Part.RESTORE) >= 0 || starts(measured, Part.INIT_FUNCTION) >= 0)
                .findFirst()
                .filter(measured -> starts(measured, Part.RESTORE) > starts(measured, Part.INIT_FUNCTION))
                .isPresent();
    }

    /** So many were measured; -1 where there is no table. */
    private static long starts(MeasuredFunction measured, Part part) {
        return measured.table(part).map(QuantileTable::n).orElse(-1L);
    }

    int milliVcpus(String name, int memoryMib) {
        int known = own(name).or(() -> ofSize(memoryMib)).orElse(pooled).milliVcpus();
        return known == WorkModel.MEMORY_SHARE ? pooled.milliVcpus() : known;
    }

    private Optional<MeasuredFunction> own(String name) {
        return functions.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    private Optional<MeasuredFunction> ofSize(int memoryMib) {
        return functions.stream()
                .filter(each -> each.name().isEmpty() && each.memoryMib() > 0)
                .min(Comparator.comparingInt(each -> Math.abs(each.memoryMib() - memoryMib)));
    }
}
