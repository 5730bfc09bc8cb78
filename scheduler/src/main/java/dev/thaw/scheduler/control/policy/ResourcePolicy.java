package dev.thaw.scheduler.control.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is permitted on one function, version or alias (contract.md section 16). Each of them has a policy of
 * its own: what is granted on an alias says nothing about the version behind it, nor about the unqualified function.
 *
 * @param statements in the order in which they were added; no two of one id
 */
public record ResourcePolicy(List<PolicyStatement> statements) {
    /** Of the document, as the service bounds it. */
    public static final int MAX_BYTES = 20_480;

    public static final ResourcePolicy EMPTY = new ResourcePolicy(List.of());

    private static final JsonMapper JSON = new JsonMapper();

    /** Copies. */
    public ResourcePolicy {
        statements = List.copyOf(statements);
    }

    /** One of its statements grants what is asked for. */
    public boolean allows(AccessRequest request) {
        return statements.stream().anyMatch(statement -> statement.allows(request));
    }

    public Optional<PolicyStatement> statement(String sid) {
        return statements.stream()
                .filter(statement -> statement.sid().equals(sid))
                .findFirst();
    }

    /** With one more at the end. */
    public ResourcePolicy with(PolicyStatement statement) {
        List<PolicyStatement> more = new ArrayList<>(statements);
        more.add(statement);
        return new ResourcePolicy(more);
    }

    /** Without the one of that id. */
    public ResourcePolicy without(String sid) {
        return new ResourcePolicy(statements.stream()
                .filter(statement -> !statement.sid().equals(sid))
                .toList());
    }

    /** The document, as {@code GetPolicy} gives it. */
    public String document() {
        ObjectNode document = JSON.createObjectNode();
        document.put("Version", "2012-10-17");
        document.put("Id", "default");
        ArrayNode all = document.putArray("Statement");
        statements.forEach(statement -> all.add(statement.toJson()));
        return document.toString();
    }

    /** Length of the document. */
    public int bytes() {
        return document().getBytes(StandardCharsets.UTF_8).length;
    }
}
