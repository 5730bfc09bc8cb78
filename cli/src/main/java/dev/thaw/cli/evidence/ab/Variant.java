package dev.thaw.cli.evidence.ab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to be told from others, as the command line has it: {@code NAME}, or {@code NAME: OPTIONS}.
 *
 * @param words its options
 */
public record Variant(String name, List<String> words) {
    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,39})(?::(.*))?", Pattern.DOTALL);
    /** A part of a word: in quotes of either kind, which go, or without. */
    private static final Pattern PART = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)|(\\s+)");

    public Variant {
        words = List.copyOf(words);
    }

    /** Fails with one line. */
    public static Variant parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "--variant: '" + text
                            + "', must be NAME or 'NAME: OPTIONS', a name being 1..40 of [A-Za-z0-9._-], first a letter or digit");
        }
        String options = matcher.group(2) == null ? "" : matcher.group(2);
        return new Variant(matcher.group(1), words("variant " + matcher.group(1), options));
    }

    /** As a shell parts them. Fails with one line where a quote is not closed. */
    static List<String> words(String where, String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        Matcher part = PART.matcher(text);
        int at = 0;
        for (; part.find() && part.start() == at; at = part.end()) {
            if (part.group(4) != null) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(
                        part.group(1) != null ? part.group(1) : part.group(2) != null ? part.group(2) : part.group(3));
                begun = true;
            }
        }
        if (at < text.length()) {
            throw new IllegalArgumentException(where + ": a quote is not closed in '" + text.strip() + "'");
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
