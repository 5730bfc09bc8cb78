package dev.thaw.results;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a figure depends on besides our code: processor, kernel, memory, JVM. Read from {@code /proc} and {@code /sys}. */
final class HostFingerprint {
    private static final String UNKNOWN = "unknown";
    private static final long KIB_PER_MIB = 1024;

    private HostFingerprint() {}

    /** Keys in the order in which the report shows them. */
    static Map<String, String> read() {
        Map<String, String> cpu = firstProcessor();
        String flags = cpu.getOrDefault("flags", cpu.getOrDefault("Features", ""));
        Map<String, String> host = new LinkedHashMap<>();
        host.put("cpuModel", cpu.getOrDefault("model name", cpu.getOrDefault("CPU part", UNKNOWN)));
        host.put("cpuFlags", flags);
        host.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        host.put("architecture", System.getProperty("os.arch", UNKNOWN));
        host.put("kernel", System.getProperty("os.name", "") + " " + System.getProperty("os.version", UNKNOWN));
        host.put("governor", line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "not exposed"));
        host.put("hypervisor", hypervisor(flags));
        host.put("clockSource", line("/sys/devices/system/clocksource/clocksource0/current_clocksource", UNKNOWN));
        host.put("memoryMib", memoryMib());
        putJvm(host);
        return host;
    }

    private static void putJvm(Map<String, String> host) {
        host.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        host.put(
                "jdkArguments",
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        host.put(
                "gc",
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(GarbageCollectorMXBean::getName)
                        .collect(Collectors.joining(", ")));
        host.put("maxHeapMib", Long.toString(Runtime.getRuntime().maxMemory() / KIB_PER_MIB / KIB_PER_MIB));
    }

    private static Map<String, String> firstProcessor() {
        Map<String, String> values = new LinkedHashMap<>();
        for (String each : text("/proc/cpuinfo").lines().toList()) {
            int colon = each.indexOf(':');
            if (colon > 0) {
                values.putIfAbsent(
                        each.substring(0, colon).strip(),
                        each.substring(colon + 1).strip());
            }
        }
        return values;
    }

    private static String hypervisor(String flags) {
        String product = line("/sys/class/dmi/id/product_name", "");
        String type = line("/sys/hypervisor/type", "");
        boolean flagged = (" " + flags + " ").contains(" hypervisor ");
        String named = (type + " " + product).strip();
        if (flagged) {
            return named.isEmpty() ? "yes, not named" : named;
        }
        return type.isEmpty() ? "none seen" : named;
    }

    private static String memoryMib() {
        return text("/proc/meminfo")
                .lines()
                .filter(each -> each.startsWith("MemTotal:"))
                .map(each -> Long.toString(Long.parseLong(each.replaceAll("\\D", "")) / KIB_PER_MIB))
                .findFirst()
                .orElse(UNKNOWN);
    }

    private static String line(String file, String otherwise) {
        String text = text(file).strip();
        return text.isEmpty() ? otherwise : text;
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
