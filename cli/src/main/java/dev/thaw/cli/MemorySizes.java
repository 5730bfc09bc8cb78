package dev.thaw.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads memory sizes into MiB: {@code 512MiB}, {@code 16GiB}. */
final class MemorySizes implements ITypeConverter<Integer> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,12})(MiB|GiB)");

    @Override
    public Integer convert(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a memory size such as 512MiB or 16GiB");
        }
        long mib = Long.parseLong(matcher.group(1)) * ("GiB".equals(matcher.group(2)) ? 1024 : 1);
        if (mib <= 0 || mib > Integer.MAX_VALUE) {
            throw new TypeConversionException("'" + text + "' must be 1MiB.." + Integer.MAX_VALUE + "MiB");
        }
        return (int) mib;
    }
}
