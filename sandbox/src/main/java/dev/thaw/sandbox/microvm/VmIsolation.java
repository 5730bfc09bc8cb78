package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.Isolation;
import dev.thaw.sandbox.Isolation.Feature;
import dev.thaw.sandbox.kernel.ControlGroups;
import dev.thaw.sandbox.kernel.ControlGroups.Duty;
import dev.thaw.sandbox.kernel.Credentials;
import dev.thaw.sandbox.kernel.HostPrograms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What holds microVMs in on this host, and what runs them. */
final class VmIsolation {
    private VmIsolation() {}

    static Isolation of(MicroVmBackend backend, VmmChoice choice) {
        List<Feature> features = new ArrayList<>();
        boolean root = Credentials.effectiveUserId() == 0;
        boolean jail = HostPrograms.find("bwrap").isPresent();
        String install = "bwrap is not on PATH (Debian: apt install bubblewrap)";
        for (String name : List.of("user namespace", "mount namespace", "pid namespace", "ipc namespace")) {
            features.add(new Feature(name, jail, jail ? "of the VMM, by bubblewrap" : install));
        }
        features.add(new Feature("network namespace", jail, jail ? "empty; guests have no network device" : install));
        features.add(new Feature(
                "unprivileged host user",
                root,
                root ? "uid " + VmSpawner.HOST_USER_ID : "needs root (runs as this user)"));
        features.add(new Feature("seccomp", true, "the VMM's own filter"));
        features.add(new Feature("read-only root", true, "images of the guest are read-only"));
        features.add(new Feature("size-limited /tmp", true, "tmpfs, counts as the function's memory"));
        addGroups(features, backend.groups());
        boolean held = features.stream().allMatch(Feature::held);
        Feature ours = machine(backend, Architecture.host());
        features.add(ours);
        features.add(machine(backend, foreign()));
        features.add(kvm(choice.kvmProblem()));
        features.add(choice.feature());
        features.add(snapshots(choice));
        String level = !jail || !ours.held() ? "none" : held ? "full" : "degraded";
        return new Isolation("microvm", level, features);
    }

    private static Feature kvm(String problem) {
        boolean held = problem.isEmpty();
        String detail = held ? "a guest boots with it in QEMU" : problem + "; QEMU's guests are translated (tcg): slow";
        return new Feature("KVM", held, detail);
    }

    private static Feature snapshots(VmmChoice choice) {
        boolean held = choice.takesSnapshots();
        return new Feature("snapshots", held, held ? "of QEMU's machines, sealed" : "taken of QEMU's machines only");
    }

    private static void addGroups(List<Feature> features, ControlGroups groups) {
        features.add(ofGroup(groups, "CPU quota", Duty.CPU_QUOTA, ", on the threads of vCPUs"));
        features.add(ofGroup(groups, "memory limit", Duty.MEMORY, ", of the machine; its kernel's of the function"));
        features.add(ofGroup(groups, "pids limit", Duty.PIDS, ", of the machine; its kernel's of the function"));
        features.add(ofGroup(groups, "freezer", Duty.FREEZER, ""));
    }

    private static Feature ofGroup(ControlGroups groups, String name, Duty duty, String further) {
        boolean held = groups.has(duty);
        return new Feature(name, held, groups.detail(duty) + (held ? further : ""));
    }

    private static Architecture foreign() {
        return Architecture.host() == Architecture.ARM64 ? Architecture.X86_64 : Architecture.ARM64;
    }

    /** Whether guests of an architecture can be started at all. */
    private static Feature machine(MicroVmBackend backend, Architecture architecture) {
        String name = architecture.key() + " guests";
        String emulator = GuestMemory.emulator(architecture);
        if (HostPrograms.find(emulator).isEmpty()) {
            String part = architecture == Architecture.ARM64 ? "arm" : "x86";
            return new Feature(
                    name, false, emulator + " is not on PATH (Debian: apt install qemu-system-" + part + ")");
        }
        try {
            return new Feature(
                    name,
                    true,
                    emulator + ", kernel " + backend.files().boot(architecture).version());
        } catch (IOException missing) {
            return new Feature(name, false, String.valueOf(missing.getMessage()));
        }
    }
}
