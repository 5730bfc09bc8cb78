package dev.thaw.loadgen.trace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out what a file or folder is, and has it read. */
final class TraceReader {
    private final TraceOptions options;
    private final TraceProgress progress;

    TraceReader(TraceOptions options, TraceProgress progress) {
        this.options = options;
        this.progress = progress;
    }

    Trace open(Path path, TraceFormat format) {
        if (!Files.isDirectory(path)) {
            return openAll(List.of(path), format);
        }
        List<Path> minutes = MinuteFiles.invocationsIn(path);
        List<Path> files = minutes.isEmpty() ? HuaweiSeries.daysIn(path) : minutes;
        if (files.isEmpty()) {
            throw new TraceException(path + ": folder: has neither invocations.csv nor invocations_per_function_md.*"
                    + " nor requests_minute/day_*.csv, must have one of them");
        }
        return openAll(files, format);
    }

    private Trace openAll(List<Path> files, TraceFormat asked) {
        Path file = files.getFirst();
        TraceFormat format = asked == TraceFormat.AUTO ? detect(file) : asked;
        return switch (format) {
            case AZURE2019, INVITRO -> MinuteTraces.azure2019(files, format, options, progress);
            case HUAWEI2023 -> HuaweiSeries.read(files, options, progress);
            case HUAWEI2025 -> new ClockTraces(file, options, progress).huaweiRequests();
            case HUAWEI2025COLD -> new ClockTraces(file, options, progress).huaweiColdStarts();
            case AZURELLM -> new ClockTraces(file, options, progress).azureLlm();
            case IBM -> new IbmTraces(file, options, progress).read();
            case AZURE2021, ILUVATAR, FAASRAIL, CSV, AUTO -> openTable(file, format);
        };
    }

    private TraceFormat detect(Path file) {
        try (CsvTable table = CsvTable.open(file, progress)) {
            return TraceFormat.detect(table);
        }
    }

    private Trace openTable(Path file, TraceFormat format) {
        try (CsvTable table = CsvTable.open(file, progress)) {
            return switch (format) {
                case FAASRAIL -> FaasrailTraces.read(table, options, progress);
                case AZURE2021 -> new RowTraces(table, options, progress).azure2021();
                case ILUVATAR -> new RowTraces(table, options, progress).iluvatar();
                default -> new RowTraces(table, options, progress).plain();
            };
        }
    }
}
