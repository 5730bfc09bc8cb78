package dev.thaw.runtimebridge;

import dev.thaw.sandbox.Architecture;
import dev.thaw.sandbox.SandboxSpec;
import dev.thaw.scheduler.core.InitializationType;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What one environment is started as: a function, the type of its init, the id of its log, and the day, in UTC, that names the log. */
record EnvironmentLaunch(DeployedFunction function, InitializationType type, String logId, LocalDate createdOn) {
    private static final int NAME_LIMIT = 31;

    static EnvironmentLaunch at(long epochMs, DeployedFunction function, InitializationType type, String logId) {
        LocalDate today = LocalDate.ofEpochDay(Math.floorDiv(epochMs, TimeUnit.DAYS.toMillis(1)));
        return new EnvironmentLaunch(function, type, logId, today);
    }

    Path logFile(Path logDirectory) {
        String group = function.config().logging().groupOf(function.config().name());
        return logDirectory.resolve(LogFile.folderOf(group)).resolve(createdOn + "-" + logId + ".log");
    }

    SnapStart snapStart() {
        if (type != InitializationType.SNAP_START) {
            return SnapStart.NONE;
        }
        return function.snapshot() == null ? SnapStart.FOR_SNAPSHOT : SnapStart.RESTORED;
    }

    SandboxSpec spec(Map<String, String> credentials) {
        Snapshot snapshot = function.snapshot();
        SandboxSpec fresh = freshSpec(credentials);
        return snapshot == null ? fresh : fresh.restoredFrom(snapshot.folder());
    }

    private SandboxSpec freshSpec(Map<String, String> credentials) {
        String name = function.config().name();
        return new SandboxSpec(
                        name.substring(0, Math.min(name.length(), NAME_LIMIT)) + "-" + logId,
                        architecture(function.config().architecture()),
                        function.codeDirectory(),
                        function.layerDirectories(),
                        function.runtimeMounts(),
                        function.config().memoryMib(),
                        function.config().ephemeralStorageMib(),
                        RuntimeVariables.of(function, credentials, type, logId, createdOn),
                        function.imageProcess())
                .checkedBy(function.check());
    }

    private static Architecture architecture(String key) {
        return key.equals(Architecture.ARM64.key()) ? Architecture.ARM64 : Architecture.X86_64;
    }
}
