package dev.thaw.results.compare;

import dev.thaw.results.RunBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

final class SampleEvidence {
    private SampleEvidence() {}

    static Evidence read(RunBundle run, Path samples, int stretches) throws IOException {
        return Evidence.of(1, List.of());
    }
}
