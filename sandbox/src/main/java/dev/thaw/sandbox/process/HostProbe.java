package dev.thaw.sandbox.process;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Isolation.Feature;
import dev.thaw.sandbox.Notch;
import dev.thaw.sandbox.kernel.ControlGroups;
import dev.thaw.sandbox.kernel.ControlGroups.Duty;
import dev.thaw.sandbox.kernel.Credentials;
import dev.thaw.sandbox.kernel.HostPrograms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the most isolation that works on this host by starting a sandbox with it, then with less, piece by piece. */
final class HostProbe {
    private static final Set<Notch> OF_BUBBLEWRAP = EnumSet.of(
            Notch.BUBBLEWRAP, Notch.UNPRIVILEGED_USER, Notch.NETWORK_NAMESPACE, Notch.SECCOMP, Notch.TMP_LIMIT);
    /** What is tried to do without, in this order, when all of it together fails. */
    private static final List<Set<Notch>> SACRIFICES = List.of(
            Set.of(),
            Set.of(Notch.UNPRIVILEGED_USER),
            Set.of(Notch.SECCOMP),
            Set.of(Notch.NETWORK_NAMESPACE),
            Set.of(Notch.NETWORK_NAMESPACE, Notch.UNPRIVILEGED_USER, Notch.TMP_LIMIT),
            Set.of(Notch.NETWORK_NAMESPACE, Notch.UNPRIVILEGED_USER, Notch.TMP_LIMIT, Notch.SECCOMP));

    /** What external extensions lean on. */
    static final String EXTENSIONS_NEED =
            "needs bubblewrap, and sandbox/src/main/c built by make and gcc (Debian: apt install make gcc)";

    private final ProcessBackendConfig config;
    private final ControlGroups groups;
    private final Path scratch;
    private final Map<Notch, String> reasons = new EnumMap<>(Notch.class);

    private HostProbe(ProcessBackendConfig config, ControlGroups groups, Path scratch) {
        this.config = config;
        this.groups = groups;
        this.scratch = scratch;
    }

    /** What works, set up and ready, and what to say about it. */
    record Finding(RunLauncher launcher, StagingArea staging, Isolation isolation) {}

    static Finding find(ProcessBackendConfig config, ControlGroups groups, Path scratch) {
        return new HostProbe(config, groups, scratch).find();
    }

    private Finding find() {
        Set<Notch> wanted = EnumSet.copyOf(OF_BUBBLEWRAP);
        config.switchedOff().forEach(notch -> drop(wanted, notch, "switched off"));
        if (Credentials.effectiveUserId() != 0) {
            drop(wanted, Notch.UNPRIVILEGED_USER, "needs root (runs as this user already)");
            drop(wanted, Notch.NETWORK_NAMESPACE, "needs root to open the Runtime API inside");
            drop(wanted, Notch.TMP_LIMIT, "needs root to mount");
        }
        if (wanted.contains(Notch.BUBBLEWRAP) && HostPrograms.find("bwrap").isEmpty()) {
            drop(wanted, Notch.BUBBLEWRAP, "bwrap is not on PATH (Debian: apt install bubblewrap)");
        }
        if (wanted.contains(Notch.BUBBLEWRAP)) {
            for (Set<Notch> sacrifice : SACRIFICES) {
                Finding finding = attempt(wanted, sacrifice);
                if (finding != null) {
                    return finding;
                }
            }
        }
        return plain();
    }

    private void drop(Set<Notch> wanted, Notch notch, String reason) {
        if (wanted.remove(notch)) {
            reasons.put(notch, reason);
        }
    }

    private @Nullable Finding attempt(Set<Notch> wanted, Set<Notch> sacrifice) {
        Set<Notch> active = EnumSet.copyOf(wanted);
        active.removeAll(sacrifice);
        // Each of these needs what only root can do: mounts of our own.
        boolean isPrivate = active.contains(Notch.TMP_LIMIT)
                || active.contains(Notch.UNPRIVILEGED_USER)
                || active.contains(Notch.NETWORK_NAMESPACE);
        StagingArea staging = new StagingArea(
                scratch, isPrivate, active.contains(Notch.UNPRIVILEGED_USER), active.contains(Notch.TMP_LIMIT));
        String problem;
        try {
            RunLauncher launcher = RunLauncher.open(active, staging);
            problem = launcher.probe();
            if (problem.equals("ok")) {
                return new Finding(launcher, staging, isolation(active));
            }
            launcher.close();
        } catch (IllegalStateException failure) {
            problem = String.valueOf(failure.getMessage());
        }
        String reason = problem;
        EnumSet.copyOf(wanted).forEach(notch -> reasons.put(notch, reason));
        return null;
    }

    private Finding plain() {
        StagingArea staging = new StagingArea(scratch, false, false, false);
        RunLauncher launcher = RunLauncher.open(Set.of(), staging);
        return new Finding(launcher, staging, isolation(Set.of()));
    }

    private Isolation isolation(Set<Notch> active) {
        List<Feature> features = new ArrayList<>();
        boolean bubble = active.contains(Notch.BUBBLEWRAP);
        for (String name :
                List.of("user namespace", "mount namespace", "pid namespace", "ipc namespace", "read-only root")) {
            features.add(feature(name, bubble, "bubblewrap", Notch.BUBBLEWRAP));
        }
        features.add(
                ofBubble("unprivileged host user", active, Notch.UNPRIVILEGED_USER, "uid " + StagingArea.HOST_USER_ID));
        features.add(ofBubble("network namespace", active, Notch.NETWORK_NAMESPACE, "loopback only"));
        features.add(ofBubble("seccomp", active, Notch.SECCOMP, "deny list"));
        features.add(ofBubble("size-limited /tmp", active, Notch.TMP_LIMIT, "tmpfs, counts as the function's memory"));
        features.add(ofGroup("CPU quota", Duty.CPU_QUOTA));
        features.add(ofGroup("memory limit", Duty.MEMORY));
        features.add(ofGroup("pids limit", Duty.PIDS));
        features.add(ofGroup("freezer", Duty.FREEZER));
        boolean full = features.stream().allMatch(Feature::held);
        features.add(extensions(bubble));
        features.add(emulation());
        return new Isolation("process", full ? "full" : bubble ? "degraded" : "none", features);
    }

    private Feature ofBubble(String name, Set<Notch> active, Notch notch, String detail) {
        return feature(name, active.contains(notch), detail, notch);
    }

    private Feature feature(String name, boolean held, String detail, Notch notch) {
        String why = reasons.getOrDefault(notch, reasons.getOrDefault(Notch.BUBBLEWRAP, "needs bubblewrap"));
        return new Feature(name, held, held ? detail : why);
    }

    private Feature ofGroup(String name, Duty duty) {
        return new Feature(name, groups.has(duty), groups.detail(duty));
    }

    private static Feature extensions(boolean bubble) {
        boolean held = bubble && InitProgram.find().isPresent();
        return new Feature("external extensions", held, held ? "init" : EXTENSIONS_NEED);
    }

    private Feature emulation() {
        Architecture foreign = Architecture.host() == Architecture.ARM64 ? Architecture.X86_64 : Architecture.ARM64;
        String emulator = HostPrograms.emulator(foreign);
        boolean held =
                config.has(Notch.EMULATION) && HostPrograms.find(emulator).isPresent();
        String why = config.has(Notch.EMULATION) ? "install qemu-user (Debian: apt install qemu-user)" : "switched off";
        return new Feature(foreign.key() + " emulation", held, held ? emulator : why);
    }
}
