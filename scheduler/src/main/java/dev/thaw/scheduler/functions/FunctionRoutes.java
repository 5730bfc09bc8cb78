package dev.thaw.scheduler.functions;

import java.util.Map;

/**
 * Where invocations of one function's name go, by qualifier; function ids are those of deployments.
 *
 * @param latest of {@code $LATEST} and of no qualifier
 * @param versions by number
 * @param aliases by name
 */
public record FunctionRoutes(int latest, Map<String, Integer> versions, Map<String, AliasRoute> aliases) {
    public FunctionRoutes {
        versions = Map.copyOf(versions);
        aliases = Map.copyOf(aliases);
    }

    /** A function of one version. */
    public static FunctionRoutes latestOnly(int functionId) {
        return new FunctionRoutes(functionId, Map.of(), Map.of());
    }

    /**
     * An alias (contract.md section 1.12).
     *
     * @param functionId of the version that it names
     * @param additionalFunctionId of the second version, or -1
     * @param additionalWeight share of invocations that the second version gets, 0..1
     */
    public record AliasRoute(int functionId, int additionalFunctionId, double additionalWeight) {
        /** There is no second version. */
        public static final int NONE = -1;

        public AliasRoute {
            if (!(additionalWeight >= 0 && additionalWeight <= 1)) {
                throw new IllegalArgumentException("additionalWeight: " + additionalWeight + ", must be 0..1");
            }
        }

        /** To one version. */
        public static AliasRoute to(int functionId) {
            return new AliasRoute(functionId, NONE, 0);
        }
    }
}
