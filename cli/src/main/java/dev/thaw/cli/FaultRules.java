package dev.thaw.cli;

import dev.thaw.runtimebridge.FaultRule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads rules of a fault plan as people type them: {@code crash@invoke:1%}, {@code delay@init:5%,200ms}. */
final class FaultRules implements ITypeConverter<FaultRule> {
    @Override
    public FaultRule convert(String text) {
        try {
            return FaultRule.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }
}
