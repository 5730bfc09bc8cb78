package dev.thaw.cli.kernels;

import dev.thaw.results.ArchRun;
import dev.thaw.sandbox.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs every build once for its checksums, reads its disassembly, and has the native ones timed. */
final class KernelTrials {
    private final KernelHost host;
    private final List<ArchRun.Kernel> kernels;
    private final List<String> notRun;
    private final List<ArchRun.Build> builds = new ArrayList<>();
    private final List<ArchRun.Outcome> outcomes = new ArrayList<>();
    private final Set<Architecture> unread = EnumSet.noneOf(Architecture.class);

    KernelTrials(KernelHost host, List<ArchRun.Kernel> kernels, List<String> notRun) {
        this.host = host;
        this.kernels = kernels;
        this.notRun = notRun;
    }

    /** Those that could run; one whose instructions the processor lacks is not run, and said so. */
    List<KernelStart> run(List<KernelStart> starts) throws IOException {
        List<KernelStart> ran = new ArrayList<>();
        for (KernelStart start : starts) {
            try {
                run(start);
                ran.add(start);
            } catch (KernelProcess.IllegalInstruction e) {
                notRun.add(start.name() + ": " + e.getMessage());
            }
        }
        return ran;
    }

    private void run(KernelStart start) throws IOException {
        int vectorBits = 0;
        Map<String, String> checksums = new LinkedHashMap<>();
        try (KernelProcess process = KernelProcess.start(start)) {
            vectorBits = process.vectorBits();
            for (ArchRun.Kernel kernel : kernels) {
                checksums.put(kernel.name(), process.run(kernel.name(), 0).checksum());
            }
        } catch (KernelProcess.IllegalInstruction e) {
            throw e;
        } catch (IOException e) {
            kernels.forEach(kernel -> checksums.putIfAbsent(kernel.name(), "failed: " + e.getMessage()));
        }
        KernelBuild build = start.build();
        builds.add(new ArchRun.Build(
                start.name(),
                build.isJava() ? "Java" : "C",
                build.architecture().key(),
                build.instructionSet(),
                vectorBits,
                start.emulator()));
        Map<String, Map<String, Integer>> instructions = instructions(start);
        checksums.forEach((kernel, checksum) ->
                outcomes.add(new ArchRun.Outcome(kernel, start.name(), checksum, List.of(), instructions.get(kernel))));
    }

    private Map<String, Map<String, Integer>> instructions(KernelStart start) throws IOException {
        if (start.binary() == null) {
            return Map.of();
        }
        Architecture architecture = start.build().architecture();
        Optional<String> objdump = host.disassembler(architecture);
        if (objdump.isEmpty()) {
            if (unread.add(architecture)) {
                notRun.add("instructions of " + architecture.key() + " builds not read: no objdump for them (Debian: "
                        + (architecture == Architecture.ARM64 ? "binutils-aarch64-linux-gnu" : "binutils") + ")");
            }
            return Map.of();
        }
        return Disassembly.read(
                objdump.get(),
                start.binary(),
                kernels.stream().map(ArchRun.Kernel::name).toList());
    }

    /**
     * Times those on this processor that gave every right answer. What they answer while they are timed counts as well:
     * only then is it the JVM's compiled code that answers.
     */
    void time(List<KernelStart> ran, KernelRounds rounds) throws IOException {
        if (rounds.passes() == 0) {
            return;
        }
        List<KernelStart> timed = ran.stream()
                .filter(each -> !each.emulated() && isRight(each.name()))
                .toList();
        Map<String, Map<String, List<KernelAnswer>>> answers = rounds.measure(timed);
        outcomes.replaceAll(each -> withSpeed(each, answers.get(each.build())));
    }

    private boolean isRight(String build) {
        return kernels.stream()
                .allMatch(kernel -> outcomes.stream()
                        .filter(each ->
                                each.build().equals(build) && each.kernel().equals(kernel.name()))
                        .allMatch(each -> each.checksum().equals(kernel.checksum())));
    }

    private static ArchRun.Outcome withSpeed(
            ArchRun.Outcome outcome, @Nullable Map<String, List<KernelAnswer>> answers) {
        List<KernelAnswer> rounds = answers == null ? null : answers.get(outcome.kernel());
        if (rounds == null) {
            return outcome;
        }
        Optional<String> wrong = rounds.stream()
                .map(KernelAnswer::checksum)
                .filter(each -> !each.equals(outcome.checksum()))
                .findFirst();
        return new ArchRun.Outcome(
                outcome.kernel(),
                outcome.build(),
                wrong.orElse(outcome.checksum()),
                wrong.isPresent()
                        ? List.of()
                        : rounds.stream().map(KernelAnswer::unitsPerSecond).toList(),
                outcome.instructions());
    }

    ArchRun result(List<String> missing) {
        return new ArchRun(host.architecture().key(), kernels, builds, outcomes, missing);
    }
}
