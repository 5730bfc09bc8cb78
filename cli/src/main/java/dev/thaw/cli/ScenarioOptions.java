package dev.thaw.cli;

import dev.thaw.cli.trace.ReadingOptions;
import dev.thaw.cli.virtual.MeasuredModel;
import dev.thaw.cli.virtual.ModelFile;
import dev.thaw.cli.virtual.Workload;
import dev.thaw.loadgen.trace.Trace;
import dev.thaw.results.digest.Sha256;
import dev.thaw.scheduler.core.HostSpec;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.functions.SamTemplate;
import dev.thaw.scheduler.virtual.DurationModel;
import dev.thaw.scheduler.virtual.FaultModel;
import dev.thaw.scheduler.virtual.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/**
 * What every verb of virtual time simulates: a trace, models, a kind of host. How many hosts, policies and seeds are each
 * verb's own.
 */
final class ScenarioOptions {
    private static final String TRACE = "trace";
    private static final long DEFAULT_COLD_START_NS = 250_000_000L;
    static final int MAX_HOSTS = 100_000;
    private static final int MAX_VCPUS = 4_000;
    private static final int MAX_OVERSUBSCRIPTION = 1_000;
    /** The hosts' memory bounds them long before. */
    private static final int ANY_ENVIRONMENTS = 1_000_000_000;

    @Parameters(paramLabel = "TRACE", description = "The trace's file, or its folder.")
    Path trace = Path.of("");

    @Mixin
    private ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--speedup",
            paramLabel = "X",
            description = "Starts come X times as fast; durations stay (default: ${DEFAULT-VALUE}).")
    private double speedup = 1;

    @Option(
            names = {"-t", "--template"},
            paramLabel = "FILE",
            description = "A SAM template: memory, timeout and reserved concurrency of the trace's functions in it.")
    private @Nullable Path template;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "How long inits and all else take: a file of thaw calibrate.")
    private @Nullable Path model;

    @Option(
            names = "--cold-start",
            paramLabel = "DURATION|trace",
            description =
                    "Without --model, how long inits take: always so long, or as the trace says (default: 250ms).")
    private @Nullable String coldStart;

    @Option(
            names = "--local-snapshot",
            paramLabel = "DURATION",
            converter = Durations.class,
            description =
                    "Hosts keep a snapshot of each function that they have initialised, which starts in so long, in"
                            + " place of init (default: they keep none).")
    private @Nullable Duration localSnapshot;

    @Option(
            names = "--work",
            paramLabel = "trace|model",
            description =
                    "How long handlers work: as the trace says, or as the model does (default: ${DEFAULT-VALUE}).")
    private String work = "trace";

    @Option(
            names = "--failures",
            paramLabel = "none|KIND=SHARE,..",
            description =
                    "How often sandboxes cannot be made (create), inits fail (init), runtimes exit in the place of an"
                            + " answer (exit), handlers answer with an error (error): init=1%%,error=0.5%% (default:"
                            + " ${DEFAULT-VALUE}).")
    private String failures = FailureText.NONE;

    @Option(
            names = "--sharing",
            paramLabel = "function|application",
            description = "Whether an environment serves one function, or all of its application as the trace has them"
                    + " (default: ${DEFAULT-VALUE}).")
    private String sharing = "function";

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            converter = MemorySizes.class,
            description = "Memory of each for environments (default: 64GiB).")
    int hostMemoryMib = 65_536;

    @Option(names = "--host-vcpus", paramLabel = "N", description = "vCPUs of each (default: ${DEFAULT-VALUE}).")
    private int hostVcpus = 16;

    @Option(
            names = "--oversubscription",
            paramLabel = "N",
            description = "CPU shares that environments may reserve, for each vCPU (default: ${DEFAULT-VALUE}).")
    private int oversubscription = 20;

    @Option(
            names = "--freeze-delay",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Idle time before an environment is frozen (default: 100ms).")
    private Duration freezeDelay = Duration.ofNanos(SchedulerConfig.DEFAULT_FREEZE_DELAY_NS);

    @Option(
            names = "--capacity-wait",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long an invocation waits for room before it is refused (default: 60s).")
    private Duration capacityWait = Duration.ofNanos(SchedulerConfig.DEFAULT_CAPACITY_WAIT_NS);

    @Option(
            names = "--account-concurrency",
            paramLabel = "N",
            description = "Invocations served at the same time (default: ${DEFAULT-VALUE}).")
    private int accountConcurrency = SchedulerConfig.DEFAULT_ACCOUNT_CONCURRENCY;

    /** The trace's invocations as this seed has them, where the trace leaves anything open. */
    Workload workload(long seed) {
        if (model != null && coldStart != null) {
            throw new WrongUse("--cold-start: is for a run without a model, --model says it already");
        }
        boolean workOfModel = switch (work) {
            case TRACE -> false;
            case "model" -> true;
            default -> throw new WrongUse("--work: '" + work + "', must be trace or model");
        };
        if (workOfModel && model == null) {
            throw new WrongUse("--work: model needs --model FILE");
        }
        boolean shared = isShared(workOfModel);
        FaultModel faults = OptionText.parse("--failures", failures, FailureText::parse);
        MeasuredModel durations = measured();
        List<FunctionConfig> ofTemplate = template == null ? List.of() : SamTemplate.read(template);
        Workload made = Workload.of(
                openTrace(seed),
                durations,
                ofTemplate,
                new Workload.Choice(workOfModel, TRACE.equals(coldStart), shared));
        return withSnapshots(made.with(
                made.functions().stream().map(each -> each.with(faults)).toList()));
    }

    private Workload withSnapshots(Workload workload) {
        if (localSnapshot == null) {
            return workload;
        }
        DurationModel start = new DurationModel.Constant(localSnapshot.toNanos());
        return workload.with(workload.functions().stream()
                .map(each -> each.with(each.environment().withLocal(start)))
                .toList());
    }

    private boolean isShared(boolean workOfModel) {
        if (sharing.equals("function")) {
            return false;
        }
        if (!sharing.equals("application")) {
            throw new WrongUse("--sharing: '" + sharing + "', must be function or application");
        }
        if (workOfModel || template != null) {
            throw new WrongUse("--sharing: application is for work of the trace, without a template");
        }
        return true;
    }

    private MeasuredModel measured() {
        if (model != null) {
            return ModelFile.read(model);
        }
        if (coldStart == null || coldStart.equals(TRACE)) {
            return MeasuredModel.ofColdStart(DEFAULT_COLD_START_NS);
        }
        try {
            return MeasuredModel.ofColdStart(new Durations().convert(coldStart).toNanos());
        } catch (TypeConversionException noTime) {
            throw new WrongUse("--cold-start: " + noTime.getMessage() + ", nor trace");
        }
    }

    private Trace openTrace(long seed) {
        return Trace.open(trace, reading.format(), reading.options(seed, speedup));
    }

    /** Keep-alive is a policy's own. */
    SchedulerConfig config() {
        return new SchedulerConfig(
                accountConcurrency,
                SchedulerConfig.DEFAULT_KEEP_ALIVE_NS,
                SchedulerConfig.DEFAULT_INIT_LIMIT_NS,
                freezeDelay.toNanos(),
                capacityWait.toNanos(),
                ANY_ENVIRONMENTS);
    }

    List<VirtualHost> fleet(int hosts) {
        bound("--hosts", hosts, MAX_HOSTS);
        return IntStream.range(0, hosts).mapToObj(host()).toList();
    }

    /** A host by its number. */
    IntFunction<VirtualHost> host() {
        bound("--host-vcpus", hostVcpus, MAX_VCPUS);
        bound("--oversubscription", oversubscription, MAX_OVERSUBSCRIPTION);
        int milliVcpus = hostVcpus * 1000;
        int reservable = (int) Math.min(Integer.MAX_VALUE, (long) milliVcpus * oversubscription);
        return host -> new VirtualHost(new HostSpec("host-" + host, hostMemoryMib, reservable), milliVcpus);
    }

    static void bound(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new WrongUse(option + ": " + value + ", must be 1 to " + most);
        }
    }

    /** For manifests. */
    Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("hostMemoryMib", Integer.toString(hostMemoryMib));
        settings.put("hostVcpus", Integer.toString(hostVcpus));
        settings.put("oversubscription", Integer.toString(oversubscription));
        settings.put("freezeDelayMs", ms(freezeDelay));
        settings.put("capacityWaitMs", ms(capacityWait));
        settings.put("accountConcurrency", Integer.toString(accountConcurrency));
        settings.put("speedup", Double.toString(speedup));
        if (!failures.equals(FailureText.NONE)) {
            settings.put("failures", failures);
        }
        if (localSnapshot != null) {
            settings.put("localSnapshotMs", ms(localSnapshot));
        }
        settings.putAll(reading.describe());
        if (template != null) {
            settings.put("templateSha256", sha256(template));
        }
        if (model != null) {
            settings.put("modelSha256", sha256(model));
        }
        return settings;
    }

    private static String ms(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 6).stripTrailingZeros().toPlainString();
    }

    private static String sha256(Path file) {
        try {
            return Sha256.hex(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the trace's file, for the bundle's folder. */
    String traceName() {
        String file = String.valueOf(trace.getFileName());
        return file.replaceFirst("\\.[^.]*$", "").replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
