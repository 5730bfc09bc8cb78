package dev.thaw.results.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What runs know, cut into units.
 *
 * @param units how many
 * @param overall figures of all of it
 * @param cells figures of each function, benchmark, kernel or setting, by its name
 * @param groups which group a cell belongs to, where cells have groups
 */
record Evidence(
        int units,
        SequencedMap<String, Figure> overall,
        SortedMap<String, SequencedMap<String, Figure>> cells,
        Map<String, String> groups) {
    static Evidence of(int units, List<Figure> overall) {
        Evidence evidence = new Evidence(units, new LinkedHashMap<>(), new TreeMap<>(), new TreeMap<>());
        overall.forEach(figure -> evidence.overall.put(figure.name(), figure));
        return evidence;
    }

    void put(String cell, Figure figure) {
        cells.computeIfAbsent(cell, _ -> new LinkedHashMap<>()).put(figure.name(), figure);
    }

    /** One after the other; what one of them does not know is unknown in its units. */
    static Evidence join(List<Evidence> parts) {
        return parts.stream().reduce(Evidence::append).orElseThrow();
    }

    private Evidence append(Evidence next) {
        Evidence both = new Evidence(units + next.units, new LinkedHashMap<>(), new TreeMap<>(), new TreeMap<>(groups));
        both.groups.putAll(next.groups);
        both.overall.putAll(append(overall, next.overall, next.units));
        for (String cell : union(cells, next.cells)) {
            both.cells.put(
                    cell,
                    append(
                            cells.getOrDefault(cell, new LinkedHashMap<>()),
                            next.cells.getOrDefault(cell, new LinkedHashMap<>()),
                            next.units));
        }
        return both;
    }

    private SequencedMap<String, Figure> append(
            SequencedMap<String, Figure> first, SequencedMap<String, Figure> second, int secondUnits) {
        SequencedMap<String, Figure> both = new LinkedHashMap<>();
        for (String name : union(first, second)) {
            Figure one = first.get(name);
            Figure other = second.get(name);
            if (one != null) {
                both.put(name, one.append(other == null ? one.nothing(secondUnits) : other));
            } else if (other != null) {
                both.put(name, other.nothing(units).append(other));
            }
        }
        return both;
    }

    private static List<String> union(Map<String, ?> first, Map<String, ?> second) {
        List<String> names = new ArrayList<>(first.keySet());
        second.keySet().stream().filter(name -> !first.containsKey(name)).forEach(names::add);
        return names;
    }
}
