package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.policy.PolicyBook;
import dev.thaw.scheduler.control.policy.PolicyStatement;
import dev.thaw.scheduler.control.policy.ResourcePolicy;
import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code AddPermission}, {@code GetPolicy}, {@code RemovePermission}: the policies of functions, versions and aliases
 * (contract.md section 16). A change of a policy changes the revision of what it belongs to.
 *
 * <p>Threading: the control plane's thread.
 */
public final class PermissionOperations {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern STATEMENT_ID = Pattern.compile("([a-zA-Z0-9-_]+)");
    private static final Pattern ACTION = Pattern.compile("(lambda:[*]|lambda:[a-zA-Z]+|[*])");
    private static final Pattern PRINCIPAL = Pattern.compile("[^\\s]+");
    private static final Pattern SOURCE_ARN = Pattern.compile(
            "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)");
    private static final Pattern SOURCE_ACCOUNT = Pattern.compile("\\d{12}");
    private static final Pattern ORGANISATION = Pattern.compile("o-[a-z0-9]{10,32}");
    private static final Pattern TOKEN = Pattern.compile("[a-zA-Z0-9._\\-]+");
    private static final Pattern ALIAS = Pattern.compile("(?!\\d+$)[a-zA-Z0-9-_]+");
    private static final List<String> AUTH_TYPES = List.of("NONE", "AWS_IAM");
    private static final int MAX_STATEMENT_ID = 100;
    private static final int MAX_TOKEN = 256;

    private final Catalog catalog;
    private final Revisions revisions;
    /** By name and qualifier: {@code f:$LATEST}. */
    private final Table<ResourcePolicy> policies;

    /** Keeps the policies in the store; {@code revisionIds} makes unique ones. */
    public PermissionOperations(Catalog catalog, StateStore store, Supplier<String> revisionIds) {
        this.catalog = catalog;
        revisions = new Revisions(catalog, revisionIds);
        this.policies = store.table("policy", Codec.json(JSON, ResourcePolicy.class));
        catalog.onRemoval(this::onRemoved);
    }

    /** Keeps a book of the policies for those who decide by them. */
    public void publishTo(PolicyBook book) {
        policies.follow(book::put);
    }

    /** By the names that the service model gives them. */
    public Map<String, OperationHandler> handlers() {
        return Map.of(
                "AddPermission", this::add,
                "GetPolicy", this::get,
                "RemovePermission", this::remove);
    }

    private ObjectNode add(OperationInput input) {
        Body body = new Body(input.body());
        check(body);
        FunctionTarget target = FunctionTarget.namespaced(input);
        PolicyStatement statement = new PolicyStatement(
                Objects.requireNonNull(body.string("StatementId")),
                Objects.requireNonNull(body.string("Principal")),
                Objects.requireNonNull(body.string("Action")),
                target.arn(),
                conditions(body));
        checkMeaning(target, statement);
        String revision = body.string("RevisionId");
        checkRevision(target, revision);
        ResourcePolicy policy = policyOf(target);
        if (policy.statement(statement.sid()).isPresent()) {
            throw ServiceFault.conflict(
                    "The statement id (" + statement.sid()
                            + ") provided already exists. Please provide a new statement id, or remove the existing statement.");
        }
        put(target, policy.with(statement));
        return JSON.createObjectNode().put("Statement", statement.toJson().toString());
    }

    private static void check(Body body) {
        Checks checks = new Checks();
        checks.required(body.string("StatementId"), "statementId");
        checks.pattern(body.string("StatementId"), "statementId", STATEMENT_ID);
        checks.length(body.string("StatementId"), "statementId", 1, MAX_STATEMENT_ID);
        checks.required(body.string("Action"), "action");
        checks.pattern(body.string("Action"), "action", ACTION);
        checks.required(body.string("Principal"), "principal");
        checks.pattern(body.string("Principal"), "principal", PRINCIPAL);
        checks.pattern(body.string("SourceArn"), "sourceArn", SOURCE_ARN);
        checks.pattern(body.string("SourceAccount"), "sourceAccount", SOURCE_ACCOUNT);
        checks.pattern(body.string("EventSourceToken"), "eventSourceToken", TOKEN);
        checks.length(body.string("EventSourceToken"), "eventSourceToken", 0, MAX_TOKEN);
        checks.pattern(body.string("PrincipalOrgID"), "principalOrgID", ORGANISATION);
        checks.oneOf(body.string("FunctionUrlAuthType"), "functionUrlAuthType", AUTH_TYPES);
        checks.refuse();
    }

    private static Map<String, String> conditions(Body body) {
        Map<String, String> conditions = new LinkedHashMap<>();
        put(conditions, PolicyStatement.SOURCE_ACCOUNT, body.string("SourceAccount"));
        put(conditions, PolicyStatement.EVENT_SOURCE_TOKEN, body.string("EventSourceToken"));
        put(conditions, PolicyStatement.URL_AUTH_TYPE, body.string("FunctionUrlAuthType"));
        put(conditions, PolicyStatement.PRINCIPAL_ORG_ID, body.string("PrincipalOrgID"));
        if (body.has("InvokedViaFunctionUrl")) {
            put(conditions, PolicyStatement.INVOKED_VIA_URL, String.valueOf(body.flag("InvokedViaFunctionUrl")));
        }
        put(conditions, PolicyStatement.SOURCE_ARN, body.string("SourceArn"));
        return conditions;
    }

    private static void put(Map<String, String> conditions, String key, @Nullable String value) {
        if (value != null) {
            conditions.put(key, value);
        }
    }

    private void checkMeaning(FunctionTarget target, PolicyStatement statement) {
        if (VersionRecord.LATEST.equals(target.qualifier())) {
            throw ServiceFault.invalidParameter("We currently do not support adding policies for $LATEST.");
        }
        if (!catalog.hasFunction(target.name())) {
            throw target.notFound();
        }
        checkQualifier(target);
        if (!statement.hasValidPrincipal()) {
            throw ServiceFault.invalidParameter(
                    "The provided principal was invalid. Please check the principal and try again.");
        }
        boolean ofUrl = statement.action().equals("lambda:InvokeFunctionUrl");
        if (!ofUrl && statement.conditions().containsKey(PolicyStatement.URL_AUTH_TYPE)) {
            throw ServiceFault.invalidParameter(
                    "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action");
        }
    }

    private ObjectNode get(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        ResourcePolicy policy = policyOf(target);
        if (policy.statements().isEmpty()) {
            throw ServiceFault.notFound("The resource you requested does not exist.");
        }
        return JSON.createObjectNode().put("Policy", policy.document()).put("RevisionId", revisions.of(target));
    }

    private @Nullable ObjectNode remove(OperationInput input) {
        FunctionTarget target = FunctionTarget.namespaced(input);
        if (!catalog.hasFunction(target.name())) {
            throw ServiceFault.notFound("No policy found for: " + Catalog.arn(target.name(), null));
        }
        checkQualifier(target);
        ResourcePolicy policy = policyOf(target);
        if (policy.statements().isEmpty()) {
            throw ServiceFault.notFound("No policy is associated with the given resource.");
        }
        String sid = input.label("StatementId");
        if (policy.statement(sid).isEmpty()) {
            throw ServiceFault.notFound("Statement " + sid + " is not found in resource policy.");
        }
        checkRevision(target, input.query("RevisionId"));
        put(target, policy.without(sid));
        return null;
    }

    private void checkQualifier(FunctionTarget target) {
        String qualifier = target.qualifier();
        if (!catalog.has(target.name(), qualifier)) {
            boolean alias = qualifier != null && ALIAS.matcher(qualifier).matches();
            throw ServiceFault.notFound((alias ? "Cannot find alias arn: " : "Function not found: ") + target.arn());
        }
    }

    private void checkRevision(FunctionTarget target, @Nullable String wanted) {
        if (wanted != null && !wanted.equals(revisions.of(target))) {
            throw ServiceFault.preconditionFailed("The Revision Id provided does not match the latest Revision Id."
                    + " Call the GetPolicy API to retrieve the latest Revision Id");
        }
    }

    private void put(FunctionTarget target, ResourcePolicy policy) {
        int bytes = policy.bytes();
        if (bytes > ResourcePolicy.MAX_BYTES) {
            throw new ServiceFault(
                    400,
                    "PolicyLengthExceededException",
                    "The final policy size (" + bytes + ") is bigger than the limit (" + ResourcePolicy.MAX_BYTES
                            + ").");
        }
        if (policy.statements().isEmpty()) {
            policies.remove(keyOf(target));
        } else {
            policies.put(keyOf(target), policy);
        }
        revisions.renew(target);
    }

    private ResourcePolicy policyOf(FunctionTarget target) {
        ResourcePolicy policy = policies.get(keyOf(target));
        return policy == null ? ResourcePolicy.EMPTY : policy;
    }

    private static String keyOf(FunctionTarget target) {
        return target.name() + ":" + (target.isLatest() ? VersionRecord.LATEST : target.qualifier());
    }

    private void onRemoved(String name, @Nullable String qualifier) {
        if (qualifier == null) {
            List.copyOf(policies.of(name).keySet()).forEach(policies::remove);
        } else {
            policies.remove(name + ":" + qualifier);
        }
    }
}
