package dev.thaw.cli.trace;

import dev.thaw.loadgen.trace.Trace;
import dev.thaw.loadgen.trace.TraceFormat;
import dev.thaw.loadgen.trace.TraceProgress;
import dev.thaw.loadgen.trace.TraceSummary;
import dev.thaw.loadgen.trace.write.TraceWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The trace that a verb makes. */
final class WrittenTrace {
    @Option(
            names = "--out",
            paramLabel = "PATH",
            required = true,
            description =
                    "A new file, compressed where it ends with .gz or .zst; for azure2019 and invitro a new folder.")
    private Path out = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "csv, azure2019, azure2021, invitro, iluvatar or faasrail (default: ${DEFAULT-VALUE}).")
    private String to = TraceFormat.CSV.key();

    @Option(names = "--json", description = "Say what was written as JSON.")
    private boolean json;

    /** Refuses a format that cannot be written before anything is read. */
    void check() {
        TraceWriter.requireWritable(TraceFormat.of(to), out);
    }

    void write(Trace trace, TraceProgress progress, Map<String, Object> more) {
        TraceFormat format = TraceFormat.of(to);
        TraceWriter.write(trace, format, out, progress);
        TraceSummary summary = trace.summary();
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("trace", out.toString());
        said.put("format", format.key());
        said.put("invocations", summary.invocations());
        said.put("functions", summary.functions());
        said.put("durationSec", summary.durationNs() / 1e9);
        said.put("brokenRows", summary.brokenRows());
        said.putAll(more);
        said.put("notes", summary.notes());
        print(said, json, System.out);
    }

    static void print(Map<String, Object> said, boolean json, PrintStream out) {
        if (json) {
            out.println(PlainJson.write(said));
        } else {
            said.forEach((key, value) -> {
                if (value instanceof Iterable<?> lines) {
                    lines.forEach(line -> out.printf("note: %s%n", line));
                } else {
                    out.printf("%s: %s%n", key, value);
                }
            });
        }
    }
}
