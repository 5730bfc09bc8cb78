package dev.thaw.scheduler.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request to create a function says, as far as it says so by itself.
 *
 * @param layers ARNs of layer versions, not looked up
 */
record Creation(
        String name, FunctionSettings settings, List<String> layers, Map<String, String> tags, boolean publish) {
    static final List<String> ARCHITECTURES = List.of("x86_64", "arm64");

    private static final List<String> PACKAGE_TYPES = List.of(FunctionSettings.ZIP, FunctionSettings.IMAGE);
    private static final int MAX_NAME_LENGTH = 64;

    /** Refuses what breaks a rule. */
    static Creation read(Body body, LayerCatalog layers, TargetRules targets) {
        Checks checks = new Checks();
        String packageType = body.string("PackageType");
        checks.oneOf(packageType, "packageType", PACKAGE_TYPES);
        checks.required(body.string("Role"), "role");
        checks.required(body.structure("Code"), "code");
        String name = String.valueOf(body.string("FunctionName"));
        FunctionSettings defaults = FunctionSettings.defaults(name.substring(name.lastIndexOf(':') + 1));
        String type = packageType == null ? FunctionSettings.ZIP : packageType;
        FunctionSettings settings = new SettingsReader(body, checks, defaults.withPackageType(type)).read();
        String architecture = architecture(body, checks);
        List<String> arns = layers.read(body, checks);
        FunctionTarget target = FunctionTarget.named(body.string("FunctionName"), checks);
        checkName(target);
        SettingsReader.refuseWithoutEffect(body);
        targets.checkDeadLetters(body);
        SettingsReader.finish(settings, arns);
        return new Creation(
                target.name(),
                architecture == null ? settings : settings.withArchitecture(architecture),
                arns == null ? List.of() : arns,
                TagRules.read(body),
                body.flag("Publish"));
    }

    private static void checkName(FunctionTarget target) {
        if (target.name().length() > MAX_NAME_LENGTH) {
            throw ServiceFault.invalidParameter("1 validation error detected: Value '" + target.name()
                    + "' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to "
                    + MAX_NAME_LENGTH);
        }
        if (target.qualifier() != null) {
            throw ServiceFault.invalidParameter("A function's name must be given without a qualifier to create it.");
        }
    }

    /** The one that is asked for; null where nothing is said. */
    static @Nullable String architecture(Body body, Checks checks) {
        List<String> architectures = body.strings("Architectures");
        if (architectures == null) {
            return null;
        }
        checks.size(architectures, "architectures", 1, 1);
        if (architectures.size() == 1) {
            checks.eachOf(architectures, "architectures", ARCHITECTURES);
        }
        return architectures.isEmpty() ? null : architectures.getFirst();
    }
}
