package dev.thaw.scheduler.functions;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A call of an intrinsic function: {@code !Ref X}, or {@code Ref: X} alone in a mapping.
 *
 * @param name without {@code !} and {@code Fn::}
 * @param node all of it
 */
record Intrinsic(String name, Node argument, Node node) {
    private static final String NO_VALUE = "AWS::NoValue";

    /** Null where the node is none. */
    static @Nullable Intrinsic of(Node node) {
        String tag = node.getTag().getValue();
        if (tag.startsWith("!")) {
            return new Intrinsic(tag.substring(1), node, node);
        }
        if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
            NodeTuple only = mapping.getValue().getFirst();
            if (only.getKeyNode() instanceof ScalarNode key) {
                String name = key.getValue();
                boolean called = name.equals("Ref") || name.startsWith("Fn::");
                return called ? new Intrinsic(name.replaceFirst("^Fn::", ""), only.getValueNode(), node) : null;
            }
        }
        return null;
    }

    /** {@code !Ref AWS::NoValue}: the property is as good as not given. */
    static boolean isNoValue(Node node) {
        Intrinsic call = of(node);
        return call != null
                && call.name.equals("Ref")
                && call.argument instanceof ScalarNode scalar
                && scalar.getValue().equals(NO_VALUE);
    }
}
