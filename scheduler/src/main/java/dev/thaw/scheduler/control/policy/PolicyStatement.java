package dev.thaw.scheduler.control.policy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One permission: lets a principal do something with one function, version or alias, under conditions.
 *
 * @param sid tells it from the others of its policy
 * @param principal as given: {@code *}, an account id, an ARN, or a service
 * @param action {@code lambda:InvokeFunction}, {@code lambda:*} or {@code *}
 * @param resource ARN of the function, version or alias
 * @param conditions all of which must hold, by their keys in the order of the document
 */
public record PolicyStatement(
        String sid, String principal, String action, String resource, Map<String, String> conditions) {
    /** ARN of what the service acts for; the only one that may hold wildcards. */
    public static final String SOURCE_ARN = "AWS:SourceArn";

    public static final String SOURCE_ACCOUNT = "AWS:SourceAccount";
    public static final String PRINCIPAL_ORG_ID = "aws:PrincipalOrgID";
    public static final String EVENT_SOURCE_TOKEN = "lambda:EventSourceToken";
    public static final String URL_AUTH_TYPE = "lambda:FunctionUrlAuthType";
    public static final String INVOKED_VIA_URL = "lambda:InvokedViaFunctionUrl";

    private static final JsonMapper JSON = new JsonMapper();

    /** Keeps the order of the conditions. */
    public PolicyStatement {
        conditions = new LinkedHashMap<>(conditions);
    }

    /** The principal is one of the documented forms. */
    public boolean hasValidPrincipal() {
        return Principals.isValid(principal);
    }

    /** It grants what is asked for. */
    public boolean allows(AccessRequest request) {
        return Principals.covers(principal, request)
                && matches(action, request.action())
                && resource.equals(request.resource())
                && conditions.entrySet().stream().allMatch(condition -> holds(condition, request));
    }

    private static boolean holds(Map.Entry<String, String> condition, AccessRequest request) {
        Optional<String> value =
                Optional.ofNullable(request.context().get(condition.getKey().toLowerCase(Locale.ROOT)));
        return value.filter(actual -> condition.getKey().equals(SOURCE_ARN)
                        ? matches(condition.getValue(), actual)
                        : condition.getValue().equals(actual))
                .isPresent();
    }

    /** {@code *} stands for any characters, {@code ?} for one. */
    private static boolean matches(String wanted, String actual) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < wanted.length(); i++) {
            char c = wanted.charAt(i);
            pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return actual.matches(pattern.toString());
    }

    /** As the policy document holds it. */
    public ObjectNode toJson() {
        ObjectNode statement = JSON.createObjectNode();
        statement.put("Sid", sid);
        statement.put("Effect", "Allow");
        if (principal.equals(Principals.ANYBODY)) {
            statement.put("Principal", principal);
        } else {
            String kind = Principals.isAws(principal) ? "AWS" : "Service";
            statement.putObject("Principal").put(kind, Principals.written(principal));
        }
        statement.put("Action", action);
        statement.put("Resource", resource);
        if (!conditions.isEmpty()) {
            ObjectNode all = statement.putObject("Condition");
            conditions.forEach(
                    (key, value) -> all.withObjectProperty(operator(key)).put(key, value));
        }
        return statement;
    }

    private static String operator(String key) {
        return switch (key) {
            case SOURCE_ARN -> "ArnLike";
            case INVOKED_VIA_URL -> "Bool";
            default -> "StringEquals";
        };
    }
}
