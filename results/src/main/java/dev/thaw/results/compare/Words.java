package dev.thaw.results.compare;

import java.util.Locale;

/** How a comparison's figures are worded for people. */
final class Words {
    static final String UNKNOWN = "-";
    private static final double PERCENT = 100;
    private static final int DIGITS = 4;
    private static final double MOST = 10;

    private Words() {}

    /** Four significant digits, no exponent within reason. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return UNKNOWN;
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e9)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int before = size == 0 ? DIGITS : (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%." + Math.max(0, DIGITS - before) + "f", value);
    }

    static String ratio(double ratio) {
        return Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.3f", ratio) : UNKNOWN;
    }

    static String interval(double low, double high) {
        return Double.isNaN(low) && Double.isNaN(high)
                ? UNKNOWN
                : (Double.isFinite(low) ? ratio(low) : "0") + " .. " + (Double.isFinite(high) ? ratio(high) : "?");
    }

    static String p(double p) {
        return Double.isNaN(p) ? UNKNOWN : p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }

    /** {@code nothing}: no change, however large; a dash: how much is not known. */
    static String detectable(Finding finding) {
        double change = finding.detectable();
        if (Double.isFinite(change)) {
            return change > MOST ? ">" + percent(MOST) : percent(change);
        }
        return finding.couldShowNothing() ? "nothing" : UNKNOWN;
    }

    static String percent(double share) {
        if (Double.isInfinite(share)) {
            return "from nothing";
        }
        double percent = share * PERCENT;
        return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.1f %%" : "%.0f %%", percent);
    }
}
