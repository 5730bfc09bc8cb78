package dev.thaw.scheduler.control;

import java.util.regex.Pattern;

/** The version of a layer that a request is about; the layer by its name or by its ARN. */
record LayerTarget(String name, long version) {
    private static final Pattern NAME =
            Pattern.compile("(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+");

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

    /** The layer's name, where the request is of no version. */
    static String name(OperationInput input, Checks checks) {
        String text = input.label("LayerName");
        checks.length(text, "layerName", 1, 140);
        checks.pattern(text, "layerName", NAME);
        checks.refuse();
        return text.substring(text.lastIndexOf(':') + 1);
    }

    String arn() {
        return LayerCatalog.arn(name) + ":" + version;
    }
}
