package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What an operation is about, as policies name it: the ARN of what would be served, however the client spells it. So a
 * statement about a function covers every name that leads to it. What leads nowhere is refused before anything is decided.
 */
public final class ServedResource {
    /** Of an operation that is about nothing in particular. */
    public static final String ANY = "*";

    private static final String MAPPINGS = FunctionRegistry.ARN_PREFIX.replace(":function:", ":event-source-mapping:");

    /** Operations that are about a version or an alias where one is named; all others are about the function. */
    private static final Set<String> OF_QUALIFIERS = Set.of(
            "AddPermission",
            "CreateEventSourceMapping",
            "CreateFunctionUrlConfig",
            "DeleteFunction",
            "DeleteFunctionEventInvokeConfig",
            "DeleteFunctionUrlConfig",
            "DeleteProvisionedConcurrencyConfig",
            "GetFunction",
            "GetFunctionConfiguration",
            "GetFunctionEventInvokeConfig",
            "GetFunctionUrlConfig",
            "GetPolicy",
            "GetProvisionedConcurrencyConfig",
            "GetRuntimeManagementConfig",
            "PutFunctionEventInvokeConfig",
            "PutProvisionedConcurrencyConfig",
            "PutRuntimeManagementConfig",
            "RemovePermission",
            "UpdateFunctionEventInvokeConfig",
            "UpdateFunctionUrlConfig");

    private ServedResource() {}

    /** Of an operation by the name that the service model gives it. */
    public static String of(String operation, OperationInput input) {
        if (input.labels().containsKey("FunctionName")) {
            return arn(operation, FunctionTarget.namespaced(input));
        }
        if (input.labels().containsKey("LayerName")) {
            return input.labels().containsKey("VersionNumber")
                    ? LayerTarget.of(input).arn()
                    : LayerCatalog.arn(LayerTarget.name(input, new Checks()));
        }
        if (input.labels().containsKey("UUID")) {
            return MAPPINGS + input.label("UUID");
        }
        if (input.labels().containsKey("ARN")) {
            // Served only where it is spelt as we do.
            return input.label("ARN");
        }
        return switch (operation) {
            case "GetLayerVersionByArn" -> LayerTarget.ofArn(input).arn();
            case "CreateFunction", "CreateEventSourceMapping" -> {
                FunctionTarget function = named(input);
                yield function == null ? ANY : arn(operation, function);
            }
            default -> ANY;
        };
    }

    /**
     * Whether an invocation names a function that could be here, by the rules of the operations that look at one.
     *
     * @param query of the request, by name
     * @throws ServiceFault where it does not
     */
    public static void checkInvoked(String functionName, Map<String, List<String>> query) {
        Map<String, String> labels = Map.of("FunctionName", functionName);
        FunctionTarget.namespaced(new OperationInput("", labels, query, JsonNodeFactory.instance.objectNode()));
    }

    private static String arn(String operation, FunctionTarget function) {
        return OF_QUALIFIERS.contains(operation) ? function.arn() : Catalog.arn(function.name(), null);
    }

    /** Null where the body names none; what needs one refuses that by itself. */
    private static @Nullable FunctionTarget named(OperationInput input) {
        String name = new Body(input.body()).string("FunctionName");
        return name == null ? null : FunctionTarget.named(name, new Checks());
    }

    /** Functions that the server will invoke because this operation says so: destinations, and a mapping's function. */
    public static List<String> invoked(String operation, OperationInput input) {
        return switch (operation) {
            case "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig" -> destinations(input);
            case "CreateEventSourceMapping", "UpdateEventSourceMapping" -> {
                FunctionTarget function = named(input);
                yield function == null ? List.of() : List.of(function.arn());
            }
            default -> List.of();
        };
    }

    private static List<String> destinations(OperationInput input) {
        Body config = new Body(input.body()).structure("DestinationConfig");
        if (config == null) {
            return List.of();
        }
        return Stream.of("OnSuccess", "OnFailure")
                .map(config::structure)
                .filter(Objects::nonNull)
                .map(end -> end.string("Destination"))
                .filter(Objects::nonNull)
                .map(FunctionReference::parse)
                .filter(function -> function != null && function.isHere())
                .map(FunctionReference::arn)
                .toList();
    }

    /** Versions of layers that a function will be given because this operation says so. */
    public static List<String> layers(String operation, OperationInput input) {
        if (!operation.equals("CreateFunction") && !operation.equals("UpdateFunctionConfiguration")) {
            return List.of();
        }
        List<String> arns = new Body(input.body()).strings("Layers");
        List<String> layers = new ArrayList<>();
        for (String arn : arns == null ? List.<String>of() : arns) {
            LayerTarget layer = LayerTarget.parse(arn);
            if (layer != null) {
                layers.add(layer.arn());
            }
        }
        return layers;
    }
}
