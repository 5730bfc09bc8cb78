package dev.thaw.scheduler.control;

import dev.thaw.scheduler.functions.ImageConfig;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a request says of a function's settings, onto those that it has; what it does not speak of stays. Breaks of
 * the service model's constraints are collected in {@link Checks}, other rules refuse at once in {@link #finish}.
 */
final class SettingsReader {
    private static final Pattern ROLE =
            Pattern.compile("arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
    private static final Pattern HANDLER = Pattern.compile("[^\\s]+");
    private static final Pattern RESOURCE_ARN = Pattern.compile("(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()");
    private static final Pattern LOG_GROUP = Pattern.compile("[\\.\\-_/#A-Za-z0-9]+");
    private static final List<String> TRACING_MODES = List.of("Active", "PassThrough");
    private static final List<String> SNAP_START = List.of("PublishedVersions", "None");
    private static final List<String> LOG_FORMATS = List.of("JSON", "Text");
    private static final List<String> APPLICATION_LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
    private static final List<String> SYSTEM_LEVELS = List.of("DEBUG", "INFO", "WARN");
    private static final List<String> WITHOUT_EFFECT =
            List.of("CapacityProviderConfig", "DurableConfig", "PublishTo", "TenancyConfig");
    private static final int MAX_IMAGE_WORDS = 1_500;

    private final Body body;
    private final Checks checks;
    private final FunctionSettings before;

    SettingsReader(Body body, Checks checks, FunctionSettings before) {
        this.body = body;
        this.checks = checks;
        this.before = before;
    }

    /** The settings, with the layers as they are given; to be finished once the checks have passed. */
    FunctionSettings read() {
        return new FunctionSettings(
                before.packageType(),
                text("Role", "role", before.role(), 1, 2_048, ROLE),
                text("Handler", "handler", before.handler(), 0, 128, HANDLER),
                text("Runtime", "runtime", before.runtime(), 0, 128, null),
                text("Description", "description", before.description(), 0, 256, null),
                number(body, "Timeout", "timeout", before.timeoutSec(), 1, 900),
                number(body, "MemorySize", "memorySize", before.memoryMib(), 128, 10_240),
                ephemeralStorage(),
                before.architecture(),
                environment(),
                before.layers(),
                image(),
                deadLetterTarget(),
                text("KMSKeyArn", "kMSKeyArn", before.kmsKeyArn(), 0, 2_048, RESOURCE_ARN),
                choice("TracingConfig", "Mode", "tracingConfig.mode", TRACING_MODES, before.tracingMode()),
                choice("SnapStart", "ApplyOn", "snapStart.applyOn", SNAP_START, before.snapStart()),
                logging());
    }

    /**
     * What the constraints of the service model do not say.
     *
     * @param layers that the request asks for; null where it says nothing of them
     */
    static void finish(FunctionSettings settings, @Nullable List<String> layers) {
        if (settings.isImage()) {
            if (!settings.runtime().isEmpty()
                    || !settings.handler().isEmpty()
                    || !orNone(layers).isEmpty()) {
                throw ServiceFault.invalidParameter(
                        "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.");
            }
        } else {
            if (settings.runtime().isEmpty() || settings.handler().isEmpty()) {
                throw ServiceFault.invalidParameter(
                        "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
            }
            Runtimes.check(settings.runtime());
            if (settings.image() != null) {
                throw ServiceFault.invalidParameter(
                        "Please don't provide ImageConfig when the intended function PackageType is Zip.");
            }
        }
        Map<String, String> environment = settings.environment();
        if (environment != null) {
            EnvironmentRules.check(environment);
        }
        refuseZeros(settings);
    }

    /** The kernel's texts end at a zero character: no process could be started with these. */
    private static void refuseZeros(FunctionSettings settings) {
        ImageConfig image = settings.image();
        boolean inImage = image != null
                && Stream.of(image.entryPoint(), image.command(), List.of(String.valueOf(image.workingDirectory())))
                        .flatMap(words -> orNone(words).stream())
                        .anyMatch(SettingsReader::hasZero);
        if (hasZero(settings.handler()) || inImage) {
            throw ServiceFault.invalidParameter("Handler and ImageConfig must not contain the character U+0000.");
        }
    }

    private static boolean hasZero(String text) {
        return text.indexOf('\0') >= 0;
    }

    /** What would have no effect here is not taken as if it had. */
    static void refuseWithoutEffect(Body body) {
        Body vpc = body.structure("VpcConfig");
        if (vpc != null
                && (!orNone(vpc.strings("SubnetIds")).isEmpty()
                        || !orNone(vpc.strings("SecurityGroupIds")).isEmpty())) {
            throw ServiceFault.invalidParameter("VpcConfig cannot be used here: functions have no network of a VPC.");
        }
        if (body.has("FileSystemConfigs") && !body.isEmptyList("FileSystemConfigs")) {
            throw ServiceFault.invalidParameter(
                    "FileSystemConfigs cannot be used here: there are no file systems to mount.");
        }
        String key = body.string("KMSKeyArn");
        if (key != null && !key.isEmpty()) {
            throw ServiceFault.invalidParameter(
                    "KMSKeyArn cannot be used here: there are no keys of KMS; variables are sealed by the server's own.");
        }
        for (String member : WITHOUT_EFFECT) {
            if (body.has(member)) {
                throw ServiceFault.invalidParameter(
                        member + " cannot be used here: functions of that kind are not served.");
            }
        }
        if (body.has("CodeSigningConfigArn")) {
            throw new ServiceFault(
                    404, "CodeSigningConfigNotFoundException", "The code signing configuration cannot be found.");
        }
    }

    private static List<String> orNone(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private String text(String member, String at, String old, int least, int most, @Nullable Pattern pattern) {
        String value = body.string(member);
        if (value == null) {
            return old;
        }
        checks.length(value, at, least, most);
        if (pattern != null) {
            checks.pattern(value, at, pattern);
        }
        return value;
    }

    private int number(Body from, String member, String at, int old, int least, int most) {
        Integer value = from.integer(member);
        checks.range(value, at, least, most);
        return value == null ? old : value;
    }

    private String choice(String structure, String member, String at, List<String> choices, String old) {
        Body inner = body.structure(structure);
        String value = inner == null ? null : inner.string(member);
        checks.oneOf(value, at, choices);
        return value == null ? old : value;
    }

    private int ephemeralStorage() {
        Body storage = body.structure("EphemeralStorage");
        if (storage == null) {
            return before.ephemeralStorageMib();
        }
        checks.required(storage.integer("Size"), "ephemeralStorage.size");
        return number(storage, "Size", "ephemeralStorage.size", before.ephemeralStorageMib(), 512, 10_240);
    }

    /** All variables or none: they replace those that were there (contract.md section 1.5). */
    private @Nullable Map<String, String> environment() {
        Body environment = body.structure("Environment");
        if (environment == null) {
            return before.environment();
        }
        Map<String, String> variables = environment.map("Variables");
        if (variables == null) {
            return before.environment() == null ? null : Map.of();
        }
        EnvironmentRules.checkKeys(variables, checks);
        return variables;
    }

    private String deadLetterTarget() {
        Body config = body.structure("DeadLetterConfig");
        if (config == null) {
            return before.deadLetterTarget();
        }
        String target = config.string("TargetArn");
        checks.pattern(target, "deadLetterConfig.targetArn", RESOURCE_ARN);
        return target == null ? "" : target;
    }

    /** An empty one takes back what was there. */
    private @Nullable ImageConfig image() {
        Body image = body.structure("ImageConfig");
        if (image == null) {
            return before.image();
        }
        List<String> entryPoint = image.strings("EntryPoint");
        List<String> command = image.strings("Command");
        String directory = image.string("WorkingDirectory");
        checks.size(orNone(entryPoint), "imageConfig.entryPoint", 0, MAX_IMAGE_WORDS);
        checks.size(orNone(command), "imageConfig.command", 0, MAX_IMAGE_WORDS);
        checks.length(directory, "imageConfig.workingDirectory", 0, 1_000);
        ImageConfig config = new ImageConfig(entryPoint, command, directory);
        return config.equals(ImageConfig.NONE) ? null : config;
    }

    private LoggingSettings logging() {
        Body logging = body.structure("LoggingConfig");
        LoggingSettings old = before.logging();
        if (logging == null) {
            return old;
        }
        String format = logging.string("LogFormat");
        String application = logging.string("ApplicationLogLevel");
        String system = logging.string("SystemLogLevel");
        String group = logging.string("LogGroup");
        checks.oneOf(format, "loggingConfig.logFormat", LOG_FORMATS);
        checks.oneOf(application, "loggingConfig.applicationLogLevel", APPLICATION_LEVELS);
        checks.oneOf(system, "loggingConfig.systemLogLevel", SYSTEM_LEVELS);
        checks.length(group, "loggingConfig.logGroup", 1, 512);
        checks.pattern(group, "loggingConfig.logGroup", LOG_GROUP);
        return new LoggingSettings(
                format == null ? old.format() : format,
                group == null ? old.group() : group,
                application == null ? old.applicationLevel() : application,
                system == null ? old.systemLevel() : system);
    }
}
