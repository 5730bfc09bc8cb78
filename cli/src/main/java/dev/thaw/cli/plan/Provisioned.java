package dev.thaw.cli.plan;

import dev.thaw.cli.virtual.Workload;
import dev.thaw.scheduler.core.FunctionSpec;
import dev.thaw.scheduler.virtual.FunctionModel;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much concurrency each function has provisioned, in words: {@code none}, a number for every function, or {@code p99}:
 * what is enough in 99 % of the time.
 */
public record Provisioned(String text, int each, double share) {
    /** On demand alone. */
    public static final Provisioned NONE = new Provisioned("none", 0, 0);

    private static final int KEPT_UNRESERVED = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,3})?)");

    /** One line says what is wrong with any other text. */
    public static Provisioned parse(String text) {
        if (text.equals(NONE.text)) {
            return NONE;
        }
        if (NUMBER.matcher(text).matches()) {
            return new Provisioned(text, Integer.parseInt(text), 0);
        }
        Matcher percentile = PERCENTILE.matcher(text);
        if (!percentile.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "', must be none, a number for each function, or a share of its time such as p99");
        }
        return new Provisioned(text, 0, Double.parseDouble(percentile.group(1)) / 100);
    }

    /** The same arrivals on functions that have so much. Refuses what the control plane would. */
    public Workload on(Workload workload, int accountConcurrency) {
        if (isNone()) {
            return workload;
        }
        BusyLevels levels = share > 0
                ? BusyLevels.of(workload)
                : new BusyLevels(workload.functions().size());
        check(workload.functions(), levels, accountConcurrency);
        return on(workload, levels);
    }

    Workload on(Workload workload, BusyLevels levels) {
        List<FunctionModel> functions = new ArrayList<>();
        for (int function = 0; function < workload.functions().size(); function++) {
            functions.add(workload.functions().get(function).withProvisioned(of(function, levels)));
        }
        return workload.with(functions);
    }

    int of(int functionId, BusyLevels levels) {
        return share > 0 ? levels.enough(functionId, share) : each;
    }

    /** Refuses what the control plane would (contract.md section 18): more than what is reserved for a function or for none. */
    void check(List<FunctionModel> functions, BusyLevels levels, int accountConcurrency) {
        long unreserved = accountConcurrency;
        long provisioned = 0;
        for (int id = 0; id < functions.size(); id++) {
            int reserved = functions.get(id).reservedConcurrency();
            int own = of(id, levels);
            if (reserved == FunctionSpec.UNRESERVED) {
                provisioned += own;
            } else if (own > reserved) {
                throw new IllegalArgumentException("--provisioned: " + text + ": " + own + " of "
                        + functions.get(id).spec().name() + ", must be " + reserved
                        + " at most: so many are reserved for it");
            } else {
                unreserved -= reserved;
            }
        }
        long most = unreserved - Math.min(KEPT_UNRESERVED, accountConcurrency / 10);
        if (provisioned > 0 && provisioned > most) {
            throw new IllegalArgumentException("--provisioned: " + text + ": " + provisioned
                    + " of all functions together, must be " + Math.max(0, most)
                    + " at most: --account-concurrency " + accountConcurrency
                    + " less reservations and what stays for others");
        }
    }

    boolean isNone() {
        return each == 0 && share == 0;
    }
}
