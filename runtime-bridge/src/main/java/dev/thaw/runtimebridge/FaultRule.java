package dev.thaw.runtimebridge;

import dev.thaw.results.InjectedFault;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One line of a fault plan, in words {@code FAULT:RATE[,AMOUNT][,function=NAME]}: {@code crash@invoke:1%},
 * {@code delay@init:5%,200ms}, {@code slow@invoke:0.5%,64KiB/s,function=img-*}.
 *
 * @param fault what happens, and in which phase
 * @param percent how many of the inits, events or shutdowns of each function
 * @param amount of a delay in ns, of slow reading in bytes a second; 0 for the others
 * @param functions their name, in which {@code *} stands for any characters
 */
public record FaultRule(InjectedFault fault, double percent, long amount, String functions) {
    /** {@link #functions} of a rule for all. */
    public static final String ALL = "*";

    private static final long NS_PER_US = 1_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long MIN_DELAY_NS = NS_PER_MS;
    /** As long as a function may run. */
    private static final long MAX_DELAY_NS = 900_000 * NS_PER_MS;

    private static final long MIN_BYTES_PER_SEC = 1 << 10;
    private static final long MAX_BYTES_PER_SEC = 1 << 30;
    private static final String FUNCTION_KEY = "function=";
    private static final Pattern SHAPE = Pattern.compile("([^:]+):([0-9.]+)%((?:,[^,]+)*)");
    private static final Pattern DELAY = Pattern.compile("([0-9]{1,9})(us|ms|s)");
    private static final Pattern SPEED = Pattern.compile("([0-9]{1,9})(B|KiB|MiB)/s");
    private static final Pattern FUNCTIONS = Pattern.compile("[a-zA-Z0-9_*-]{1,64}");

    public FaultRule {
        require(percent > 0 && percent <= 100, fault, "rate " + percent + "%, must be above 0% and at most 100%");
        switch (fault) {
            case DELAY_INIT, DELAY_INVOKE, DELAY_SHUTDOWN ->
                require(
                        amount >= MIN_DELAY_NS && amount <= MAX_DELAY_NS,
                        fault,
                        "needs a delay of 1ms to 900s, such as " + fault.key() + ":1%,200ms");
            case SLOW_INVOKE ->
                require(
                        amount >= MIN_BYTES_PER_SEC && amount <= MAX_BYTES_PER_SEC,
                        fault,
                        "needs a speed of 1KiB/s to 1024MiB/s, such as " + fault.key() + ":1%,64KiB/s");
            case CRASH_INIT,
                    HANG_INIT,
                    MEMORY_INIT,
                    CRASH_INVOKE,
                    HANG_INVOKE,
                    MEMORY_INVOKE,
                    HANG_SHUTDOWN,
                    CRASH_STREAM,
                    HANG_STREAM -> require(amount == 0, fault, "takes no amount");
        }
        boolean named = FUNCTIONS.matcher(functions).matches();
        require(named, fault, "'" + functions + "' is no function's name, * stands for any characters");
    }

    private static void require(boolean holds, InjectedFault fault, String words) {
        if (!holds) {
            throw new IllegalArgumentException(fault.key() + ": " + words);
        }
    }

    /** Reads a rule from its words; refuses with one line that says what was expected. */
    public static FaultRule parse(String words) {
        Matcher shape = SHAPE.matcher(words);
        if (!shape.matches()) {
            throw new IllegalArgumentException(
                    "'" + words + "' is not FAULT:RATE[,AMOUNT][,function=NAME], such as crash@invoke:1%");
        }
        InjectedFault fault = fault(shape.group(1));
        long amount = 0;
        String functions = ALL;
        for (String part : parts(shape.group(3))) {
            if (part.startsWith(FUNCTION_KEY)) {
                functions = part.substring(FUNCTION_KEY.length());
            } else {
                require(amount == 0, fault, "takes one amount, not also '" + part + "'");
                amount = amount(fault, part);
            }
        }
        return new FaultRule(fault, percent(fault, shape.group(2)), amount, functions);
    }

    private static List<String> parts(String text) {
        return new ArrayList<>(Stream.of(text.split(",", -1)).skip(1).toList());
    }

    private static InjectedFault fault(String key) {
        return Stream.of(InjectedFault.values())
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + key + "' is no fault, must be one of " + InjectedFault.keys()));
    }

    private static double percent(InjectedFault fault, String digits) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(fault.key() + ": rate '" + digits + "%' is not a number");
        }
    }

    private static long amount(InjectedFault fault, String part) {
        Matcher delay = DELAY.matcher(part);
        if (delay.matches()) {
            return Long.parseLong(delay.group(1))
                    * switch (delay.group(2)) {
                        case "us" -> NS_PER_US;
                        case "ms" -> NS_PER_MS;
                        default -> 1000 * NS_PER_MS;
                    };
        }
        Matcher speed = SPEED.matcher(part);
        require(speed.matches(), fault, "'" + part + "' is not an amount such as 200ms or 64KiB/s");
        return Long.parseLong(speed.group(1))
                * switch (speed.group(2)) {
                    case "B" -> 1;
                    case "KiB" -> 1 << 10;
                    default -> 1 << 20;
                };
    }

    boolean concerns(String function) {
        if (functions.equals(ALL)) {
            return true;
        }
        return isPattern() ? function.matches(functions.replace("*", ".*")) : function.equals(functions);
    }

    /** Whether some function may be concerned by both; of two patterns that is taken for granted. */
    boolean mayConcernSameAs(FaultRule other) {
        return concerns(other.functions) || other.concerns(functions) || (isPattern() && other.isPattern());
    }

    private boolean isPattern() {
        return functions.contains("*");
    }

    /** Words that {@link #parse} reads. */
    @Override
    public String toString() {
        String rate = BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString();
        String amountWords = switch (fault) {
            case DELAY_INIT, DELAY_INVOKE, DELAY_SHUTDOWN ->
                amount % NS_PER_MS == 0
                        ? String.format(Locale.ROOT, ",%dms", amount / NS_PER_MS)
                        : String.format(Locale.ROOT, ",%dus", amount / NS_PER_US);
            case SLOW_INVOKE ->
                amount % (1 << 10) == 0
                        ? String.format(Locale.ROOT, ",%dKiB/s", amount >> 10)
                        : String.format(Locale.ROOT, ",%dB/s", amount);
            case CRASH_INIT,
                    HANG_INIT,
                    MEMORY_INIT,
                    CRASH_INVOKE,
                    HANG_INVOKE,
                    MEMORY_INVOKE,
                    HANG_SHUTDOWN,
                    CRASH_STREAM,
                    HANG_STREAM -> "";
        };
        String filter = functions.equals(ALL) ? "" : "," + FUNCTION_KEY + functions;
        return fault.key() + ":" + rate + "%" + amountWords + filter;
    }
}
