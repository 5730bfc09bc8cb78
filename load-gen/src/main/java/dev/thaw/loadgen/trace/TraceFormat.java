package dev.thaw.loadgen.trace;

import java.util.Arrays;
import java.util.List;
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
    /** Huawei 2023: {@code day,time} and one column of requests for each function. */
    HUAWEI2023,
    /** Huawei 2025's requests: {@code time_worker,time_frontend,requestID,...}. */
    HUAWEI2025,
    /** Huawei 2025's cold starts: {@code day,time,clusterName,funcName,...,totalCost_cold_start,...}. */
    HUAWEI2025COLD,
    /** IBM Code Engine's weeks, exported to CSV: {@code NamespaceHash,AppHash,InvocationTimes,AppExecTimes}. */
    IBM,
    /** Azure's requests to a language model: {@code TIMESTAMP,ContextTokens,GeneratedTokens}. */
    AZURELLM,
    /** {@code function,start_ms,duration_ms,memory_mb}, and perhaps {@code app,init_ms}. */
    CSV;

    /** Reads a command line's word. */
    public static TraceFormat of(String word) {
        for (TraceFormat format : values()) {
            if (format.key().equals(word)) {
                return format;
            }
        }
        throw new TraceException("format: '" + word + "', must be one of " + keys());
    }

    /** All words, with commas between. */
    public static String keys() {
        return Arrays.stream(values()).map(TraceFormat::key).collect(Collectors.joining(", "));
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TraceFormat detect(CsvTable table) {
        for (Signature signature : SIGNATURES) {
            if (signature.columns.stream().allMatch(table::has)) {
                return signature.format == AZURE2019 && MinuteFiles.isInVitro(table.path())
                        ? INVITRO
                        : signature.format;
            }
        }
        throw new TraceException(table.path() + ":1: header: '" + table.headerText() + "', must be that of "
                + Arrays.stream(values()).skip(1).map(TraceFormat::key).collect(Collectors.joining(", ")));
    }

    /** Columns that tell a format. */
    private record Signature(TraceFormat format, List<String> columns) {}

    private static final List<Signature> SIGNATURES = List.of(
            new Signature(ILUVATAR, List.of("func_name", "invoke_time_ms")),
            new Signature(AZURE2021, List.of("app", "func", "end_timestamp", "duration")),
            new Signature(AZURE2019, List.of("HashOwner", "HashFunction", "1")),
            new Signature(FAASRAIL, List.of("avg", "mapped_wreq")),
            new Signature(HUAWEI2025, List.of("time_frontend", "funcName", "runtimeCost")),
            new Signature(HUAWEI2025COLD, List.of("day", "time", "funcName", "totalCost_cold_start")),
            new Signature(IBM, List.of("NamespaceHash", "AppHash", "InvocationTimes")),
            new Signature(AZURELLM, List.of("TIMESTAMP", "ContextTokens")),
            new Signature(CSV, List.of("function", "start_ms")),
            // Any column may be a function's: last.
            new Signature(HUAWEI2023, List.of("day", "time")));
}
