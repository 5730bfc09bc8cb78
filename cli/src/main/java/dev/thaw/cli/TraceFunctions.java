package dev.thaw.cli;

import dev.thaw.loadgen.Payload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.scheduler.functions.FunctionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Turns a trace's functions into {@code spin} functions of their own: 200 trace functions are 200 functions. */
final class TraceFunctions {
    /** The longest that there is: a trace's duration is never cut by a default. */
    private static final int TIMEOUT_SEC = 900;

    private TraceFunctions() {}

    /** {@code memoryFraction} of each function's memory is held from init on. */
    static List<FunctionConfig> of(Trace trace, String architecture, double memoryFraction) {
        Path code = Installation.examples().resolve(architecture);
        if (!Files.isExecutable(code.resolve("bootstrap"))) {
            throw new WrongUse("no function built for " + architecture + " in " + code
                    + ": run 'make -C examples' (needs gcc and make)");
        }
        return trace.functions().stream()
                .map(function -> new FunctionConfig(
                        function.name(),
                        code,
                        "spin",
                        "provided.al2023",
                        architecture,
                        function.memoryMib(),
                        TIMEOUT_SEC,
                        FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB,
                        List.of(),
                        Map.of("SPIN_MEMORY_MIB", heldMib(function.memoryMib(), memoryFraction)),
                        FunctionConfig.UNRESERVED))
                .toList();
    }

    private static String heldMib(int memoryMib, double memoryFraction) {
        return Integer.toString(new Payload.Spin(memoryMib, 0, memoryFraction).touchedMib());
    }
}
