package dev.thaw.cli.evidence.ab;

import dev.thaw.cli.evidence.ab.Words.Owner;
import dev.thaw.cli.evidence.ab.Words.Part;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which options there are, and whose each is: the verb's come first. */
public final class Vocabulary {
    static final String THAW = "--thaw";
    static final String JVM = "--jvm";

    private static final String END = "--";

    private final String verb;
    private final Map<Owner, Map<String, OptionSpec>> options = new EnumMap<>(Owner.class);

    /** {@code server} is null where the verb needs none beside it. */
    public Vocabulary(CommandSpec verb, @Nullable CommandSpec server) {
        this.verb = verb.name();
        options.put(Owner.VERB, verb.optionsMap());
        options.put(Owner.SERVER, server == null ? Map.of() : server.optionsMap());
        options.put(
                Owner.PROCESS,
                Map.of(
                        THAW,
                        OptionSpec.builder(THAW).arity("1").build(),
                        JVM,
                        OptionSpec.builder(JVM).arity("1").build()));
    }

    String verb() {
        return verb;
    }

    /** The verb wants a server. */
    boolean serves() {
        return !options.getOrDefault(Owner.SERVER, Map.of()).isEmpty();
    }

    boolean knows(Owner owner, String option) {
        return options.getOrDefault(owner, Map.of()).containsKey(option);
    }

    /** Fails with one line that begins with {@code where}. */
    Words parse(String where, List<String> words) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(END)) {
                return new Words(parts, words.subList(i, words.size()));
            }
            Part part = part(where, word);
            if (part.names().isEmpty() || word.contains("=") || !wantsValue(part)) {
                parts.add(part);
                continue;
            }
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(where + ": " + word + " has no value");
            }
            parts.add(new Part(part.owner(), part.names(), List.of(word, words.get(++i))));
        }
        return new Words(parts, List.of());
    }

    private Part part(String where, String word) {
        if (!word.startsWith("-") || word.length() == 1) {
            return new Part(Owner.VERB, List.of(), List.of(word));
        }
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        for (var each : options.entrySet()) {
            OptionSpec option = each.getValue().get(name);
            if (option != null) {
                return new Part(each.getKey(), List.of(option.names()), List.of(word));
            }
        }
        throw new IllegalArgumentException(where + ": " + name + " is no option of " + verb
                + (serves() ? ", nor of serve" : "") + ", nor " + THAW + " or " + JVM);
    }

    private boolean wantsValue(Part part) {
        OptionSpec option =
                options.getOrDefault(part.owner(), Map.of()).get(part.names().getFirst());
        return option != null && option.arity().min() > 0;
    }
}
