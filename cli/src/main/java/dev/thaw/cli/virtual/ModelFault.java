package dev.thaw.cli.virtual;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a model file, in the file's terms: where in it, what is there, what must be. */
final class ModelFault {
    /** Where the reader began what has no end: a place in its own terms. */
    private static final Pattern START = Pattern.compile(" \\(start marker at .*");

    private static final Pattern PROPERTY = Pattern.compile("^(Missing|Null).* creator property '");

    private ModelFault() {}

    /** {@code functions[2].tables.invoke.n: 'many', must be a whole number}. */
    static String words(JacksonException wrong) {
        String what = what(wrong);
        String at = path(wrong.getPath());
        return at.isEmpty() ? what : at + ": " + what;
    }

    private static String what(JacksonException wrong) {
        if (wrong instanceof InputCoercionException large) {
            boolean isLong = large.getTargetType() == long.class || large.getTargetType() == Long.class;
            return "must be " + kind(large.getTargetType()) + " of " + (isLong ? 64 : 32) + " bits at most";
        }
        if (wrong instanceof StreamConstraintsException) {
            return "is nested too deep, or a text or number in it is too long";
        }
        if (wrong instanceof StreamReadException) {
            return "must be JSON: "
                    + START.matcher(firstLine(wrong.getOriginalMessage())).replaceFirst("");
        }
        if (wrong instanceof UnrecognizedPropertyException unknown) {
            return "is no field of it, must be one of " + names(unknown.getKnownPropertyIds());
        }
        if (wrong instanceof InvalidFormatException format) {
            return "'" + format.getValue() + "', must be " + kind(format.getTargetType());
        }
        Matcher property = PROPERTY.matcher(String.valueOf(wrong.getOriginalMessage()));
        if (property.find()) {
            // The path ends with it.
            return property.group(1).equals("Null") ? "is null, must be there" : "is missing, must be there";
        }
        if (wrong.getCause() instanceof IllegalArgumentException refused) {
            return firstLine(String.valueOf(refused.getMessage()));
        }
        if (wrong instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + kind(mismatch.getTargetType());
        }
        return "a value is null, none must be";
    }

    private static String names(Collection<Object> known) {
        return known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String kind(Class<?> type) {
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == String.class) {
            return "text";
        }
        boolean list = Collection.class.isAssignableFrom(type);
        return list ? "a list" : type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "of another kind";
    }

    private static String path(List<JacksonException.Reference> path) {
        StringBuilder words = new StringBuilder();
        for (JacksonException.Reference each : path) {
            String name = each.getPropertyName();
            if (name == null) {
                words.append('[').append(each.getIndex()).append(']');
            } else {
                words.append(words.isEmpty() ? "" : ".").append(name);
            }
        }
        return words.toString();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("cannot be understood").strip();
    }
}
