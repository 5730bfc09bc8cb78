package dev.thaw.scheduler.control;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of a layer that a request is about; the layer by its name or by its ARN. */
record LayerTarget(String name, long version) {
    private static final Pattern NAME =
            Pattern.compile("(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+");

    private static final Pattern VERSION_ARN =
            Pattern.compile(Pattern.quote(LayerCatalog.arn("")) + "([a-zA-Z0-9-_]+):([0-9]{1,10})");

    static LayerTarget of(OperationInput input) {
        return of(input, new Checks());
    }

    static LayerTarget of(OperationInput input, Checks checks) {
        String name = name(input, checks);
        long version;
        try {
            version = Long.parseLong(input.label("VersionNumber"));
        } catch (NumberFormatException e) {
            throw new ServiceFault(400, "SerializationException", "VersionNumber: must be a number");
        }
        if (version < 1) {
            throw ServiceFault.invalidParameter("Layer Version Cannot be less than 1");
        }
        return new LayerTarget(name, version);
    }

    /** Of the ARN that a query gives. */
    static LayerTarget ofArn(OperationInput input) {
        String arn = input.query("Arn");
        Checks checks = new Checks();
        checks.required(arn, "arn");
        checks.pattern(arn, "arn", LayerCatalog.VERSION_ARN);
        checks.refuse();
        LayerTarget target = parse(String.valueOf(arn));
        if (target == null) {
            throw notHere();
        }
        return target;
    }

    private static ServiceFault notHere() {
        return ServiceFault.notFound("The resource you requested does not exist.");
    }

    /** Of the ARN of a version that may be here; else null. */
    static @Nullable LayerTarget parse(String versionArn) {
        Matcher matcher = VERSION_ARN.matcher(versionArn);
        return matcher.matches() ? new LayerTarget(matcher.group(1), Long.parseLong(matcher.group(2))) : null;
    }

    /** The layer's name, where the request is of no version; an ARN is of this partition, region and account. */
    static String name(OperationInput input, Checks checks) {
        String text = input.label("LayerName");
        checks.length(text, "layerName", 1, 140);
        checks.pattern(text, "layerName", NAME);
        checks.refuse();
        String name = text.substring(text.lastIndexOf(':') + 1);
        if (!text.equals(name) && !text.equals(LayerCatalog.arn(name))) {
            throw notHere();
        }
        return name;
    }

    String arn() {
        return LayerCatalog.arn(name) + ":" + version;
    }
}
