package dev.thaw.cli.evidence.ab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Words of a command line, by whose option each is.
 *
 * @param tail from a {@code --} on
 */
record Words(List<Part> parts, List<String> tail) {
    /** Whom an option is for. */
    enum Owner {
        VERB,
        /** The server that is started for the verb. */
        SERVER,
        /** How both are started. */
        PROCESS
    }

    /**
     * An option with its value, or a word that is none.
     *
     * @param names all names of the option; none of a word
     */
    record Part(Owner owner, List<String> names, List<String> words) {
        boolean isOption(String name) {
            return names.contains(name);
        }

        /** The option's value, however it was written. */
        String value() {
            String last = words.getLast();
            return words.size() > 1 ? last : last.substring(last.indexOf('=') + 1);
        }
    }

    Words {
        parts = List.copyOf(parts);
        tail = List.copyOf(tail);
    }

    boolean has(String name) {
        return parts.stream().anyMatch(part -> part.isOption(name));
    }

    /** Values of an option, in their order. */
    List<String> values(String name) {
        return parts.stream()
                .filter(part -> part.isOption(name))
                .map(Part::value)
                .toList();
    }

    boolean has(Owner owner) {
        return parts.stream().anyMatch(part -> part.owner == owner);
    }

    Words without(Predicate<Part> unwanted) {
        return new Words(parts.stream().filter(unwanted.negate()).toList(), tail);
    }

    /** With an option of the verb, in place of what it was. */
    Words with(String name, String value) {
        List<Part> changed = new ArrayList<>(without(part -> part.isOption(name)).parts);
        changed.add(new Part(Owner.VERB, List.of(name), List.of(name, value)));
        return new Words(changed, tail);
    }

    /** With another's, each of whose options takes the place of the same one here. */
    Words overriddenBy(Words other) {
        List<Part> changed = new ArrayList<>(without(part -> part.names.stream().anyMatch(other::has)).parts);
        changed.addAll(other.parts);
        List<String> tails = new ArrayList<>(tail);
        tails.addAll(other.tail);
        return new Words(changed, tails);
    }

    List<String> of(Owner owner) {
        List<String> words = new ArrayList<>();
        parts.stream().filter(part -> part.owner == owner).forEach(part -> words.addAll(part.words));
        if (owner == Owner.VERB) {
            words.addAll(tail);
        }
        return words;
    }
}
