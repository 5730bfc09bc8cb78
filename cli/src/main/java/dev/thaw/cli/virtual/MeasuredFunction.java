package dev.thaw.cli.virtual;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a function, or all of them together, was measured to take.
 *
 * @param name empty for all together
 * @param memoryMib 0 where it is not known, or differs
 * @param milliVcpus CPU that its handler used on average while it worked, in thousandths of a vCPU;
 *     {@link dev.thaw.scheduler.virtual.WorkModel#MEMORY_SHARE} where it is not known
 * @param tables by {@link Part#key()}; none where nothing was measured
 */
public record MeasuredFunction(String name, int memoryMib, int milliVcpus, Map<String, QuantileTable> tables) {
    public MeasuredFunction {
        tables = Map.copyOf(new TreeMap<>(tables));
        tables.keySet().forEach(Part::requireKnown);
    }

    public Optional<QuantileTable> table(Part part) {
        return Optional.ofNullable(tables.get(part.key()));
    }
}
