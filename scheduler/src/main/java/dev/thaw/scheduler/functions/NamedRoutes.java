package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.FunctionRoutes.AliasRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All routes of one function's name, resolved: swapped as a whole when one of them changes. Immutable. */
final class NamedRoutes {
    /** Of no qualifier. */
    final InvocationRoute plain;

    private final Map<String, InvocationRoute> byQualifier;

    private NamedRoutes(InvocationRoute plain, Map<String, InvocationRoute> byQualifier) {
        this.plain = plain;
        this.byQualifier = Map.copyOf(byQualifier);
    }

    /** {@code byId} are the deployed functions; refuses a route to one that is not there, or of another name. */
    static NamedRoutes of(String name, FunctionRoutes routes, List<RegisteredFunction> byId) {
        String arn = FunctionRegistry.arnOf(name);
        Map<String, InvocationRoute> byQualifier = new HashMap<>();
        RegisteredFunction latest = deployed(name, routes.latest(), byId);
        byQualifier.put(RegisteredFunction.LATEST, new InvocationRoute(arn + ":" + RegisteredFunction.LATEST, latest));
        routes.versions()
                .forEach((version, functionId) -> byQualifier.put(
                        version, new InvocationRoute(arn + ":" + version, deployed(name, functionId, byId))));
        routes.aliases()
                .forEach((alias, route) -> byQualifier.put(alias, aliasRoute(name, arn + ":" + alias, route, byId)));
        return new NamedRoutes(new InvocationRoute(arn, latest), byQualifier);
    }

    private static InvocationRoute aliasRoute(
            String name, String arn, AliasRoute route, List<RegisteredFunction> byId) {
        RegisteredFunction primary = deployed(name, route.functionId(), byId);
        return route.additionalFunctionId() == AliasRoute.NONE
                ? new InvocationRoute(arn, primary)
                : new InvocationRoute(
                        arn, primary, deployed(name, route.additionalFunctionId(), byId), route.additionalWeight());
    }

    private static RegisteredFunction deployed(String name, int functionId, List<RegisteredFunction> byId) {
        boolean known = functionId >= 0 && functionId < byId.size();
        if (!known || !byId.get(functionId).name().equals(name)) {
            throw new IllegalArgumentException("route: " + name + " to " + functionId + ", must be deployed as it");
        }
        return byId.get(functionId);
    }

    @Nullable
    InvocationRoute of(@Nullable String qualifier) {
        return qualifier == null ? plain : byQualifier.get(qualifier);
    }
}
