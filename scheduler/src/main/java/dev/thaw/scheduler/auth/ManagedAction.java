package dev.thaw.scheduler.auth;

import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.ServedResource;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operation of the management API is to policies.
 *
 * @param action {@code lambda:UpdateAlias}
 * @param resource ARN of what it is about; {@code *} where there is none
 */
public record ManagedAction(String action, String resource) {
    /**
     * All that somebody must be allowed to have an operation done, by the name that the service model gives it: itself
     * first; then to invoke the functions that it has the server invoke, and to read the layers that it gives a function.
     *
     * @throws dev.thaw.scheduler.control.ServiceFault where it is about nothing that could be served
     */
    public static List<ManagedAction> of(String operation, OperationInput input) {
        String name = operation.equals("GetLayerVersionByArn") ? "GetLayerVersion" : operation;
        List<ManagedAction> actions = new ArrayList<>();
        actions.add(new ManagedAction("lambda:" + name, ServedResource.of(operation, input)));
        ServedResource.invoked(operation, input)
                .forEach(arn -> actions.add(new ManagedAction("lambda:InvokeFunction", arn)));
        ServedResource.layers(operation, input)
                .forEach(arn -> actions.add(new ManagedAction("lambda:GetLayerVersion", arn)));
        return actions;
    }
}
