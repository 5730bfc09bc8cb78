package dev.thaw.cli.virtual;

import dev.thaw.loadgen.trace.TraceFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has environments of its own: each function, as Lambda has it, or each application, as Azure has it, where one
 * environment serves all functions of its application and so must be as large, and take as long to start, as the most
 * demanding of them.
 *
 * <p>Threading: immutable.
 */
final class Applications {
    private final List<TraceFunction> functions;
    private final int[] servedBy;

    private Applications(List<TraceFunction> functions, int[] servedBy) {
        this.functions = List.copyOf(functions);
        this.servedBy = servedBy;
    }

    static Applications of(List<TraceFunction> all, boolean shared) {
        List<TraceFunction> units = new ArrayList<>();
        Map<String, Integer> indexes = new LinkedHashMap<>();
        int[] servedBy = new int[all.size()];
        for (int function = 0; function < servedBy.length; function++) {
            TraceFunction one = all.get(function);
            String unit = shared ? one.application() : one.name();
            Integer known = indexes.putIfAbsent(unit, units.size());
            servedBy[function] = known == null ? units.size() : known;
            if (known == null) {
                units.add(one);
            } else {
                units.set(known, together(units.get(known), one));
            }
        }
        return new Applications(units, servedBy);
    }

    private static TraceFunction together(TraceFunction first, TraceFunction other) {
        return new TraceFunction(
                first.name(),
                first.source(),
                first.application(),
                Math.max(first.memoryMib(), other.memoryMib()),
                Math.max(first.initUs(), other.initUs()));
    }

    /** One for each, an application by the name of its first function. */
    List<TraceFunction> functions() {
        return functions;
    }

    /** Of each function of the trace, the index of the one that serves it. */
    int[] servedBy() {
        return servedBy.clone();
    }
}
