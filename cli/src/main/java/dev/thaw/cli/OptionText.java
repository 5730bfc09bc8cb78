package dev.thaw.cli;

import java.util.function.Function;

/** An option's text, read by whom it is for; what is wrong with it is said with the option's name. */
final class OptionText {
    private OptionText() {}

    static <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUse(option + ": " + wrong.getMessage());
        }
    }
}
