package dev.thaw.loadgen.trace;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Layout of a trace file, told apart by its header (anchors.md section 3). */
public enum TraceFormat {
    /** Decide by header. */
    AUTO,
    /** Azure Functions 2019: invocations per minute, durations and memory in sibling files. */
    AZURE2019,
    /** Azure Functions 2021: {@code app,func,end_timestamp,duration}. */
    AZURE2021,
    /** In-Vitro's folder: {@code invocations.csv}, {@code durations.csv}, {@code memory.csv} in Azure 2019's columns. */
    INVITRO,
    /** Iluvatar: {@code func_name,invoke_time_ms} with a metadata file beside it. */
    ILUVATAR,
    /** FaaSRail's specification: {@code avg,mapped_wreq} and one column for each minute. */
    FAASRAIL,
    /** {@code function,start_ms,duration_ms,memory_mb}. */
    CSV;

    /** Reads a command line's word. */
    public static TraceFormat of(String word) {
        for (TraceFormat format : values()) {
            if (format.key().equals(word)) {
                return format;
            }
        }
        String known = Arrays.stream(values()).map(TraceFormat::key).collect(Collectors.joining(", "));
        throw new TraceException("format: '" + word + "', must be one of " + known);
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TraceFormat detect(CsvTable table) {
        if (table.has("func_name") && table.has("invoke_time_ms")) {
            return ILUVATAR;
        }
        if (table.has("app") && table.has("func") && table.has("end_timestamp") && table.has("duration")) {
            return AZURE2021;
        }
        if (table.has("HashOwner") && table.has("HashFunction") && table.has("1")) {
            return table.path().endsWith("invocations.csv") ? INVITRO : AZURE2019;
        }
        if (table.has("avg") && table.has("mapped_wreq")) {
            return FAASRAIL;
        }
        if (table.has("function") && table.has("start_ms")) {
            return CSV;
        }
        throw new TraceException(table.path() + ":1: header: '" + table.headerText()
                + "', must be that of azure2019, azure2021, invitro, iluvatar, faasrail or csv");
    }
}
