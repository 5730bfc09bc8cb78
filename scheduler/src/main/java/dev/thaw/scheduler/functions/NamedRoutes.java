package dev.thaw.scheduler.functions;

import dev.thaw.scheduler.functions.FunctionRoutes.AliasRoute;
import java.util.HashMap;
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

    /** Refuses a route to one that is not there, or of another name. */
    static NamedRoutes of(String name, FunctionRoutes routes, FunctionRegistry deployed) {
        String arn = FunctionRegistry.arnOf(name);
        Map<String, InvocationRoute> byQualifier = new HashMap<>();
        RegisteredFunction latest = deployed(name, routes.latest(), deployed);
        byQualifier.put(RegisteredFunction.LATEST, new InvocationRoute(arn + ":" + RegisteredFunction.LATEST, latest));
        routes.versions()
                .forEach((version, functionId) -> byQualifier.put(
                        version, new InvocationRoute(arn + ":" + version, deployed(name, functionId, deployed))));
        routes.aliases()
                .forEach(
                        (alias, route) -> byQualifier.put(alias, aliasRoute(name, arn + ":" + alias, route, deployed)));
        return new NamedRoutes(new InvocationRoute(arn, latest), byQualifier);
    }

    private static InvocationRoute aliasRoute(String name, String arn, AliasRoute route, FunctionRegistry deployed) {
        RegisteredFunction primary = deployed(name, route.functionId(), deployed);
        return route.additionalFunctionId() == AliasRoute.NONE
                ? new InvocationRoute(arn, primary)
                : new InvocationRoute(
                        arn, primary, deployed(name, route.additionalFunctionId(), deployed), route.additionalWeight());
    }

    private static RegisteredFunction deployed(String name, int functionId, FunctionRegistry deployed) {
        boolean known = functionId >= 0 && functionId < deployed.count();
        if (!known || !deployed.byId(functionId).name().equals(name)) {
            throw new IllegalArgumentException("route: " + name + " to " + functionId + ", must be deployed as it");
        }
        return deployed.byId(functionId);
    }

    @Nullable
    InvocationRoute of(@Nullable String qualifier) {
        return qualifier == null ? plain : byQualifier.get(qualifier);
    }
}
