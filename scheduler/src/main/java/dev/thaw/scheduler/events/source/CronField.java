package dev.thaw.scheduler.events.source;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** One field of a cron expression: which of its numbers it allows. Pure. */
final class CronField implements IntPredicate {
    private static final String ANY = "*";

    private final BitSet allowed;

    private CronField(BitSet allowed) {
        this.allowed = allowed;
    }

    @Override
    public boolean test(int value) {
        return allowed.get(value);
    }

    /**
     * Reads {@code *}, numbers, ranges, steps, and lists of them.
     *
     * @param names that stand for {@code least}, {@code least + 1}, ..
     */
    static CronField parse(String name, String text, int least, int most, List<String> names) {
        Reader reader = new Reader(name, least, most, names);
        BitSet allowed = new BitSet();
        for (String part : text.split(",", -1)) {
            reader.add(part, allowed);
        }
        return new CronField(allowed);
    }

    private record Reader(String name, int least, int most, List<String> names) {
        private void add(String part, BitSet into) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : step(part, part.substring(slash + 1));
            int dash = range.indexOf('-');
            int first = range.equals(ANY) ? least : number(dash < 0 ? range : range.substring(0, dash));
            int last = last(range, dash, slash >= 0, first);
            if (last < first) {
                throw wrong(part);
            }
            for (int value = first; value <= last; value += step) {
                into.set(value);
            }
        }

        private int last(String range, int dash, boolean stepped, int first) {
            if (dash >= 0) {
                return number(range.substring(dash + 1));
            }
            return range.equals(ANY) || stepped ? most : first;
        }

        private int step(String part, String text) {
            if (!text.matches("\\d{1,4}") || Integer.parseInt(text) == 0) {
                throw wrong(part);
            }
            return Integer.parseInt(text);
        }

        private int number(String text) {
            int named = names.indexOf(text.toUpperCase(Locale.ROOT));
            if (named >= 0) {
                return least + named;
            }
            int value = text.matches("\\d{1,4}") ? Integer.parseInt(text) : -1;
            if (value < least || value > most) {
                throw wrong(text);
            }
            return value;
        }

        private IllegalArgumentException wrong(String part) {
            return new IllegalArgumentException(name + ": '" + part + "', must be " + least + ".." + most);
        }
    }
}
