package dev.thaw.results;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Builds {@code manifest.json}: what is needed to run the same again, and to judge whether two runs may be compared. */
final class Manifest {
    static final String NAME = "manifest.json";
    static final int SCHEMA = 1;

    private Manifest() {}

    static ObjectNode of(RunPlan plan, String id, long openedEpochMs) {
        ObjectNode manifest = head(plan.kind(), plan.name(), plan.command(), id, openedEpochMs);
        putSorted(manifest.putObject("configuration"), plan.configuration());
        manifest.put("seed", plan.seed());
        manifest.set(FaultFigures.KEY, FaultFigures.planned(plan));
        manifest.put("backend", plan.backend());
        manifest.put("isolation", plan.isolation());
        putSorted(manifest.putObject("isolationFeatures"), plan.isolationFeatures());
        manifest.put("emulated", plan.backend().equals(RunPlan.EXTERNAL) ? null : (Boolean) plan.emulated());
        manifest.put("plannedInvocations", plan.plannedInvocations());
        manifest.put("durationNs", plan.durationNs());
        manifest.put("latenessBudgetNs", plan.latenessBudgetNs());
        return manifest;
    }

    /** Adds what only the run could tell: the processor of a server that is not ours. */
    static void complete(Path directory, RunPlan plan, Counts counts) throws IOException {
        Emulation emulation = Emulation.of(plan, counts);
        Path file = directory.resolve(NAME);
        if (plan.backend().equals(RunPlan.EXTERNAL) && Json.read(file) instanceof ObjectNode manifest) {
            manifest.put(Emulation.KEY, emulation.key());
            Json.write(file, manifest);
        }
    }

    /** Of what was measured elsewhere: where it comes from, and nothing of this host. */
    static ObjectNode imported(
            String kind, String name, String command, String id, long openedEpochMs, ObjectNode source) {
        ObjectNode manifest = identity(kind, name, command, id, openedEpochMs);
        manifest.set("source", source);
        return manifest;
    }

    /** What every kind of run has. */
    static ObjectNode head(String kind, String name, String command, String id, long openedEpochMs) {
        ObjectNode manifest = identity(kind, name, command, id, openedEpochMs);
        ObjectNode host = manifest.putObject("host");
        HostFingerprint.read().forEach(host::put);
        return manifest;
    }

    private static ObjectNode identity(String kind, String name, String command, String id, long openedEpochMs) {
        ObjectNode manifest = Json.MAPPER.createObjectNode();
        manifest.put("schema", SCHEMA);
        manifest.put("id", id);
        manifest.put("kind", kind);
        manifest.put("name", name);
        manifest.put("opened", Instant.ofEpochMilli(openedEpochMs).toString());
        manifest.put("command", command);
        manifest.put("commit", BuildCommit.find());
        return manifest;
    }

    private static void putSorted(ObjectNode target, Map<String, String> values) {
        new TreeMap<>(values).forEach(target::put);
    }
}
