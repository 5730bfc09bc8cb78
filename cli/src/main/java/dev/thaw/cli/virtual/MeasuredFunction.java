package dev.thaw.cli.virtual;

import dev.thaw.scheduler.virtual.WorkModel;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a function, or all of them together, was measured to take.
 *
 * @param name empty for all together
 * @param memoryMib 0 where it is not known, or differs
 * @param milliVcpus CPU that its handler used on average while it worked, in thousandths of a vCPU;
 *     {@link WorkModel#MEMORY_SHARE} where it is not known
 * @param tables by {@link Part#key()}; none where nothing was measured
 */
public record MeasuredFunction(String name, int memoryMib, int milliVcpus, Map<String, QuantileTable> tables) {
    public MeasuredFunction {
        if (memoryMib < 0) {
            throw new IllegalArgumentException("memoryMib is " + memoryMib + ", must be 0 or more");
        }
        if (milliVcpus < WorkModel.MEMORY_SHARE || milliVcpus > MeasuredModel.MAX_MILLI_VCPUS) {
            throw new IllegalArgumentException("milliVcpus is " + milliVcpus + ", must be " + WorkModel.MEMORY_SHARE
                    + " for unknown, or 0.." + MeasuredModel.MAX_MILLI_VCPUS);
        }
        tables = Map.copyOf(new TreeMap<>(tables));
        tables.keySet().forEach(Part::requireKnown);
    }

    public Optional<QuantileTable> table(Part part) {
        return Optional.ofNullable(tables.get(part.key()));
    }
}
