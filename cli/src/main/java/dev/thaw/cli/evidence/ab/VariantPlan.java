package dev.thaw.cli.evidence.ab;

import dev.thaw.cli.evidence.ab.Words.Owner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one variant runs.
 *
 * @param verb the verb's words
 * @param server the words of a server that is started for each run, or null where there is none: the verb has its own, or
 *     the variant is an endpoint that is there already
 * @param endpoint that one's URL, or null
 * @param thaw folder or jar of the build that runs it (of {@code load}, that serves it), or null for this one
 * @param jvm options of that build's JVM
 */
public record VariantPlan(
        String name,
        Words verb,
        @Nullable List<String> server,
        @Nullable String endpoint,
        @Nullable String thaw,
        List<String> jvm) {
    static final String URL = "--url";

    private static final String TEMPLATE = "--template";
    private static final String TARGET = "--target";
    private static final String FUNCTION = "--function";
    /** These ab sets itself. */
    private static final Set<String> TAKEN = Set.of("--runs", "--name", "--port", "--host", "--state", "--logs");

    /**
     * The options of the variant take the place of the command's. {@code template} is what servers serve that are told
     * nothing else: the same for every build. Fails with one line.
     */
    public static VariantPlan of(Variant variant, List<String> command, Vocabulary vocabulary, Path template) {
        String where = "variant " + variant.name();
        Words own = vocabulary.parse(where, variant.words());
        Words common = vocabulary.parse(vocabulary.verb(), command);
        refuseTaken(where, own);
        refuseTaken(vocabulary.verb(), common);
        if (own.has(TARGET)) {
            common = common.without(part -> part.isOption(FUNCTION) || part.isOption(URL));
        } else if (own.has(FUNCTION) || own.has(URL)) {
            common = common.without(part -> part.isOption(TARGET));
        }
        Words all = common.overriddenBy(own);
        List<String> urls = all.values(all.has(TARGET) ? TARGET : URL);
        @Nullable String endpoint = vocabulary.serves() && !urls.isEmpty() ? urls.getLast() : null;
        if (endpoint != null) {
            refuseOfServer(where, own);
        }
        List<String> thaw = all.values(Vocabulary.THAW);
        return new VariantPlan(
                variant.name(),
                all,
                vocabulary.serves() && endpoint == null ? server(all, template) : null,
                endpoint,
                thaw.isEmpty() ? null : thaw.getLast(),
                all.values(Vocabulary.JVM).stream()
                        .flatMap(each -> Variant.words(where, each).stream())
                        .toList());
    }

    private static List<String> server(Words all, Path template) {
        List<String> words = new ArrayList<>(all.of(Owner.SERVER));
        if (!all.has(TEMPLATE)) {
            words.addAll(List.of(TEMPLATE, template.toString()));
        }
        return words;
    }

    private static void refuseOfServer(String where, Words own) {
        own.parts().stream()
                .filter(part -> part.owner() != Owner.VERB)
                .findFirst()
                .ifPresent(part -> {
                    throw new IllegalArgumentException(
                            where + ": " + part.words().getFirst()
                                    + " is for a server that ab starts, and this variant names one that is there already");
                });
    }

    private static void refuseTaken(String where, Words words) {
        TAKEN.stream().filter(words::has).findFirst().ifPresent(option -> {
            throw new IllegalArgumentException(where + ": " + option + " is chosen by ab itself");
        });
    }
}
