package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what runs know from their bundles. */
final class EvidenceReader {
    private EvidenceReader() {}

    /**
     * {@code byRole}: builds of different architectures are to be compared. Fails with one line that names the file.
     */
    static Evidence read(List<RunBundle> runs, Units units, boolean byRole) throws IOException {
        List<Evidence> parts = new ArrayList<>();
        for (RunBundle run : runs) {
            parts.add(read(run, units.stretches(), byRole));
        }
        return Evidence.join(parts);
    }

    private static Evidence read(RunBundle run, int stretches, boolean byRole) throws IOException {
        Path samples = run.directory().resolve(RunBundle.SAMPLES);
        Path rows = run.directory().resolve(RunBundle.ROWS);
        return switch (run.kind()) {
            case "jmh" -> JmhEvidence.read(run, stretches);
            case "arch" -> ArchEvidence.read(run, stretches, byRole);
            default -> {
                if (Files.exists(samples)) {
                    yield SampleEvidence.read(run, samples, stretches);
                }
                yield Files.exists(rows) ? RowsEvidence.read(run, rows, stretches) : LogEvidence.read(run, stretches);
            }
        };
    }
}
