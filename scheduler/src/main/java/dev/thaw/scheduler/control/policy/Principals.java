package dev.thaw.scheduler.control.policy;

import java.util.regex.Pattern;

/** The ways in which a permission names who it is for (the service model's {@code Principal}). */
final class Principals {
    static final String ANYBODY = "*";

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern ACCOUNT_ROOT = Pattern.compile("arn:[a-z-]+:iam::(\\d{12}):root");
    private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:(iam|sts)::\\d{12}:\\S+");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?");

    private Principals() {}

    static boolean isAccount(String principal) {
        return ACCOUNT.matcher(principal).matches();
    }

    /** Users, roles and whole accounts; no service. */
    static boolean isAws(String principal) {
        return isAccount(principal) || ARN.matcher(principal).matches();
    }

    static boolean isValid(String principal) {
        return principal.equals(ANYBODY)
                || isAws(principal)
                || SERVICE.matcher(principal).matches();
    }

    /** As the policy writes it: an account as its root. */
    static String written(String principal) {
        return isAccount(principal) ? "arn:aws:iam::" + principal + ":root" : principal;
    }

    /** A whole account stands for everybody in it. */
    static boolean covers(String granted, AccessRequest request) {
        if (granted.equals(ANYBODY) || granted.equals(request.principal())) {
            return true;
        }
        String account = request.account();
        return !account.isEmpty()
                && (granted.equals(account)
                        || ACCOUNT_ROOT.matcher(granted).replaceFirst("$1").equals(account));
    }
}
