package dev.thaw.cli.evidence;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 5%} or {@code 5} as 0.05. */
final class Percentage implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
        try {
            double percent = Double.parseDouble(value.endsWith("%") ? value.substring(0, value.length() - 1) : value);
            if (percent >= 0 && percent < Double.POSITIVE_INFINITY) {
                return percent / 100;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + value + "' is not a percentage of at least 0, such as 5%");
    }
}
