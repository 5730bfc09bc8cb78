package dev.thaw.cli;

import dev.thaw.results.RunPlan;
import dev.thaw.runtimebridge.FaultPlan;
import dev.thaw.runtimebridge.FaultRule;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.microvm.Accelerator;
import dev.thaw.sandbox.microvm.MicroVmConfig;
import dev.thaw.sandbox.process.ProcessBackendConfig;
import dev.thaw.scheduler.core.Policies;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.live.EngineConfig;
import dev.thaw.scheduler.live.ThreadLayout;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of a server, shared by every verb that runs one; all of them land in the manifest. */
final class ServerOptions {
    private static final int MEMORY_PERCENT_FOR_SANDBOXES = 80;
    private static final int CPU_OVERSUBSCRIPTION = 20;
    private static final int PRE_BOOTED_MAX = 64;
    static final String FUNCTION_SCALING = "function";

    @Option(
            names = "--backend",
            paramLabel = "auto|process|microvm",
            description = "How functions are isolated (default: ${DEFAULT-VALUE}).")
    String backend = "auto";

    @Option(
            names = "--accelerator",
            paramLabel = "auto|kvm|tcg",
            description = "What runs microVMs: the processor, where a guest boots with it, or translation"
                    + " (default: ${DEFAULT-VALUE}).")
    String accelerator = "auto";

    @Option(
            names = "--vmm",
            paramLabel = "auto|qemu|firecracker",
            description = "What microVMs run in: Firecracker, where a guest boots with it, or QEMU"
                    + " (default: ${DEFAULT-VALUE}).")
    String vmm = "auto";

    @Option(
            names = "--pre-booted",
            paramLabel = "N",
            description = "So many microVMs of each size and runtime that functions have boot ahead of them"
                    + " (default: ${DEFAULT-VALUE}).")
    int preBooted;

    @Option(
            names = "--layout",
            paramLabel = "fused|dedicated",
            description = "Scheduler on the event loop's thread, or on its own (default: ${DEFAULT-VALUE}).")
    String layout = "fused";

    @Option(
            names = "--idle-strategy",
            paramLabel = "busy-spin|yielding|backoff|sleeping",
            description = "How a dedicated scheduler thread waits (default: ${DEFAULT-VALUE}).")
    String idleStrategy = "backoff";

    @Option(
            names = "--io-threads",
            paramLabel = "N",
            description = "Event loops beside a dedicated scheduler thread (default: ${DEFAULT-VALUE}).")
    int ioThreads = 1;

    @Option(
            names = "--keep-alive",
            paramLabel = "POLICY",
            description = "How long idle environments stay, and who goes first where room is needed: a time, lru,"
                    + " greedy-dual, hybrid-histogram[:range=4h,..] (default: ${DEFAULT-VALUE}).")
    String keepAlive = "10m";

    @Option(
            names = "--placement",
            paramLabel = "POLICY",
            description = "Where invocations run: mru, least-loaded, bin-packing, bounded-hash[:1.25],"
                    + " snapshot-locality[:4] (default: ${DEFAULT-VALUE}).")
    String placement = "mru";

    @Option(
            names = "--queueing",
            paramLabel = "POLICY",
            description = "Who gets the next room: fifo, shortest-expected, earliest-deadline,"
                    + " weighted-fair[:FUNCTION=WEIGHT,..] (default: ${DEFAULT-VALUE}).")
    String queueing = "fifo";

    @Option(
            names = "--freeze-delay",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Idle time before an environment is frozen (default: 100ms).")
    Duration freezeDelay = Duration.ofNanos(SchedulerConfig.DEFAULT_FREEZE_DELAY_NS);

    @Option(
            names = "--capacity-wait",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long an invocation waits for room before it is refused (default: 60s).")
    Duration capacityWait = Duration.ofNanos(SchedulerConfig.DEFAULT_CAPACITY_WAIT_NS);

    @Option(
            names = "--account-concurrency",
            paramLabel = "N",
            description = "Invocations served at the same time (default: ${DEFAULT-VALUE}).")
    int accountConcurrency = SchedulerConfig.DEFAULT_ACCOUNT_CONCURRENCY;

    @Option(
            names = "--scaling",
            paramLabel = "function|regional[:N]|none",
            description = "How fast environments may come: 1,000 in 10 s for each function; for all together N at once"
                    + " (3,000) and 500 a minute; or no limit (default: function where functions are served, none where"
                    + " something is measured).")
    @Nullable
    String scaling;

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            converter = MemorySizes.class,
            description = "Memory that environments may reserve (default: 80 %% of this machine's).")
    @Nullable
    Integer hostMemoryMib;

    @Option(
            names = "--host-vcpus",
            paramLabel = "N",
            description = "CPU shares that environments may reserve (default: 20 for each core).")
    @Nullable
    Integer hostVcpus;

    @Option(
            names = "--cpu-period",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "Period of the CPU quota (default: 20ms; 100ms of microVMs under translation).")
    @Nullable
    Duration cpuPeriod;

    @Option(names = "--logs", paramLabel = "DIR", description = "Where the functions' logs go (default: .thaw/logs).")
    @Nullable
    Path logs;

    @Option(
            names = "--shutdown-wait",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "How long running invocations may take at the end (default: 30s).")
    Duration shutdownWait = Duration.ofSeconds(30);

    @Option(
            names = "--without",
            paramLabel = "PIECE",
            split = ",",
            description = "Isolation to do without, to see what it costs: ${COMPLETION-CANDIDATES}.")
    Set<Notch> without = EnumSet.noneOf(Notch.class);

    @Option(
            names = "--fault",
            paramLabel = "FAULT:RATE[,AMOUNT][,function=NAME]",
            converter = FaultRules.class,
            description = {
                "Inject a fault on purpose, again for more: crash@invoke:1%%, hang@init:0.5%%, delay@invoke:5%%,200ms,",
                "slow@invoke:1%%,64KiB/s,function=img-*. Faults: delay, crash, hang, memory, each @init or @invoke,"
                        + " slow@invoke, crash@stream and hang@stream."
            })
    List<FaultRule> faults = new ArrayList<>();

    @Option(
            names = "--fault-seed",
            paramLabel = "N",
            description = "Same seed, same invocations of a function: same faults (default: ${DEFAULT-VALUE}).")
    long faultSeed = FaultPlan.NONE.seed();

    /** The faults to inject; refused where this host cannot. */
    FaultPlan faultPlan(Isolation isolation) {
        FaultPlan plan = faultPlan();
        boolean limited = isolation.features().stream()
                .anyMatch(feature -> feature.name().equals("memory limit") && feature.held());
        if (plan.fillsMemory() && !limited) {
            throw new WrongUse("--fault: memory@init and memory@invoke need the memory limit, which is missing here"
                    + " (thaw doctor says why)");
        }
        return plan;
    }

    /** Somebody else's server has its own. */
    void refuseFaultsFor(URI server) {
        if (!faults.isEmpty()) {
            throw new WrongUse("--fault: belongs to the server at " + server + ", give it to its thaw serve");
        }
    }

    private FaultPlan faultPlan() {
        try {
            return new FaultPlan(faultSeed, faults);
        } catch (IllegalArgumentException wrong) {
            throw new WrongUse("--fault: " + wrong.getMessage());
        }
    }

    EngineConfig engineConfig() {
        ThreadLayout threads = switch (layout) {
            case "fused" -> ThreadLayout.FUSED;
            case "dedicated" -> ThreadLayout.DEDICATED;
            default -> throw new WrongUse("--layout: '" + layout + "', must be fused or dedicated");
        };
        return new EngineConfig(
                threads,
                ioThreads,
                idleStrategy,
                EngineConfig.DEFAULT_INBOX_INVOCATIONS,
                EngineConfig.DEFAULT_DRAIN_LIMIT,
                SchedulerConfig.DEFAULT_MAX_ENVIRONMENTS);
    }

    ProcessBackendConfig backendConfig() {
        ProcessBackendConfig defaults = ProcessBackendConfig.defaults();
        return new ProcessBackendConfig(
                cpuPeriod == null ? defaults.cpuPeriodUs() : (int) (cpuPeriod.toNanos() / 1000),
                defaults.pidsLimit(),
                defaults.scratchDirectory(),
                without);
    }

    private MicroVmConfig.Choice acceleratorChoice() {
        return switch (accelerator) {
            case "auto" -> MicroVmConfig.Choice.AUTO;
            case "kvm" -> MicroVmConfig.Choice.KVM;
            case "tcg" -> MicroVmConfig.Choice.TCG;
            default -> throw new WrongUse("--accelerator: '" + accelerator + "', must be auto, kvm or tcg");
        };
    }

    private MicroVmConfig.Program vmmProgram() {
        return switch (vmm) {
            case "auto" -> MicroVmConfig.Program.AUTO;
            case "qemu" -> MicroVmConfig.Program.QEMU;
            case "firecracker" -> MicroVmConfig.Program.FIRECRACKER;
            default -> throw new WrongUse("--vmm: '" + vmm + "', must be auto, qemu or firecracker");
        };
    }

    MicroVmConfig microVmConfig() {
        ProcessBackendConfig config = backendConfig();
        return new MicroVmConfig(
                cpuPeriod == null ? OptionalInt.empty() : OptionalInt.of(config.cpuPeriodUs()),
                config.scratchDirectory(),
                acceleratorChoice(),
                vmmProgram(),
                preBootedMachines(),
                without);
    }

    private int preBootedMachines() {
        if (preBooted < 0 || preBooted > PRE_BOOTED_MAX) {
            throw new WrongUse("--pre-booted: " + preBooted + ", must be 0 to " + PRE_BOOTED_MAX);
        }
        return preBooted;
    }

    SchedulerConfig schedulerConfig() {
        return new SchedulerConfig(
                accountConcurrency,
                SchedulerConfig.DEFAULT_KEEP_ALIVE_NS,
                SchedulerConfig.DEFAULT_INIT_LIMIT_NS,
                freezeDelay.toNanos(),
                capacityWait.toNanos(),
                SchedulerConfig.DEFAULT_MAX_ENVIRONMENTS);
    }

    /** New ones, for one scheduler, live or in virtual time. */
    Policies policies() {
        return new PolicyText(keepAlive, placement, queueing, scaling()).make();
    }

    /** A limit of the platform's would hide what is measured. */
    private String scaling() {
        return scaling == null ? "none" : scaling;
    }

    int hostMemoryMib() {
        if (hostMemoryMib != null) {
            return hostMemoryMib;
        }
        var machine = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) ((machine.getTotalMemorySize() >> 20) * MEMORY_PERCENT_FOR_SANDBOXES / 100);
    }

    int hostMilliVcpus() {
        int vcpus = hostVcpus != null ? hostVcpus : Runtime.getRuntime().availableProcessors() * CPU_OVERSUBSCRIPTION;
        return vcpus * 1000;
    }

    Path logDirectory() {
        return logs != null ? logs : Installation.root().resolve(".thaw/logs");
    }

    /** Every setting, defaults included, for the manifest. */
    Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("backend", backend);
        settings.put("accelerator", accelerator);
        settings.put("vmm", vmm);
        settings.put("preBooted", Integer.toString(preBooted));
        settings.put("layout", layout);
        settings.put("idleStrategy", "fused".equals(layout) ? "epoll" : idleStrategy);
        settings.put("ioThreads", "fused".equals(layout) ? "1 (fused)" : Integer.toString(ioThreads));
        settings.put("keepAlive", keepAlive);
        settings.put("placement", placement);
        settings.put("queueing", queueing);
        settings.put("freezeDelayMs", Long.toString(freezeDelay.toMillis()));
        settings.put("capacityWaitMs", Long.toString(capacityWait.toMillis()));
        settings.put("accountConcurrency", Integer.toString(accountConcurrency));
        settings.put("scaling", scaling());
        settings.put("hostMemoryMib", Integer.toString(hostMemoryMib()));
        settings.put("hostMilliVcpus", Integer.toString(hostMilliVcpus()));
        settings.put("cpuPeriodUs", Integer.toString(backendConfig().cpuPeriodUs()));
        if ("microvm".equals(backend)) {
            settings.put(
                    "translatedCpuPeriodUs", Integer.toString(microVmConfig().cpuPeriodUs(Accelerator.TCG)));
        }
        settings.put("without", without.toString());
        settings.put(
                RunPlan.FAULTS_KEY,
                faults.isEmpty() ? RunPlan.NO_FAULTS : faultPlan().describe());
        settings.put(RunPlan.FAULT_SEED_KEY, Long.toString(faultSeed));
        return settings;
    }
}
