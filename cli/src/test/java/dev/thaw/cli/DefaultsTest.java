package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.OperatingSystemMXBean;
import dev.thaw.loadgen.DriverConfig;
import dev.thaw.sandbox.microvm.Accelerator;
import dev.thaw.scheduler.core.SchedulerConfig;
import dev.thaw.scheduler.functions.FunctionConfig;
import dev.thaw.scheduler.live.EngineConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every default is the one that docs/specification.md, docs/architecture.md, README.md and the help text say. */
final class DefaultsTest {
    private static final Path ROOT = Path.of(System.getProperty("thaw.root", ".."));
    private static final Pattern ROW = Pattern.compile("\\| `?([^|`]+)`? \\| `?([^|`]+?)`? \\|");
    private static final Pattern BRACKET = Pattern.compile("\\[(--[a-z-]+) ([0-9][0-9a-z.]*)]");
    private static final Pattern HELP = Pattern.compile("\\(default: ([0-9.]+(?:us|ms|s|m|h))[;)]");
    /** Verbs whose options are all in the table; those shared by several verbs stand there once, with the first. */
    private static final List<String> VERBS = List.of("serve", "load", "replay", "invoke", "arch");

    @Test
    void shouldHoldEveryDocumentedDefaultOfAnOptionAndDocumentEach() throws IOException {
        Map<String, Object> actual = options();
        Map<String, String> documented = table("### Options");

        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(actual.keySet());
        documented.forEach((option, text) -> assertSame(option, actual.get(option), text));
    }

    /** {@code verb --option} and its value where the user gives none. */
    private static Map<String, Object> options() {
        Map<String, Object> values = new TreeMap<>();
        Collection<String> seen = new HashSet<>();
        for (String verb : VERBS) {
            for (OptionSpec option : verb(verb).getCommandSpec().options()) {
                Object value = option.group() == null ? option.getValue() : null;
                boolean told = value != null && !(value instanceof Boolean) && !(value instanceof Collection);
                boolean shared = option.userObject().toString().matches(".*\\.(Server|Run)Options\\..*");
                if (told && (!shared || seen.add(option.longestName()))) {
                    values.put(verb + " " + option.longestName(), value);
                }
            }
        }
        values.remove("load --closed-loop"); // 0: off
        return values;
    }

    private static CommandLine verb(String name) {
        return Objects.requireNonNull(Main.commandLine().getSubcommands().get(name), name);
    }

    private static void assertSame(String option, @Nullable Object value, String text) {
        switch (value) {
            case Duration duration -> assertThat(duration).as(option).isEqualTo(new Durations().convert(text));
            case Number number ->
                assertThat(number.doubleValue()).as(option).isEqualTo(Double.parseDouble(text.replace(",", "")));
            case null, default -> assertThat(String.valueOf(value)).as(option).isEqualTo(text);
        }
    }

    @Test
    void shouldHoldTheDocumentedBoundsThatNoOptionSets() throws IOException {
        Map<String, String> actual = new LinkedHashMap<>();
        ServerOptions server = new ServerOptions();
        actual.put("period of the CPU quota", number(server.backendConfig().cpuPeriodUs()) + " us");
        actual.put(
                "the same of guests under translation",
                number(server.microVmConfig().cpuPeriodUs(Accelerator.TCG)) + " us");
        actual.put("limit of an init", seconds(SchedulerConfig.DEFAULT_INIT_LIMIT_NS));
        actual.put("environments at once", number(SchedulerConfig.DEFAULT_MAX_ENVIRONMENTS));
        actual.put("invocations in the inbox", number(EngineConfig.DEFAULT_INBOX_INVOCATIONS));
        actual.put("connections opened before a run", number(DriverConfig.DEFAULT_WARM_CONNECTIONS));
        actual.put("generator's wait for one answer", seconds(DriverConfig.DEFAULT_REQUEST_TIMEOUT_NS));
        actual.put("drain of load", drain(new RunOptions()));
        RunOptions ofTrace = new RunOptions();
        ofTrace.awaitWholeTrace();
        actual.put("drain of replay and demo", drain(ofTrace));
        actual.put("memory of a function", FunctionConfig.DEFAULT_MEMORY_MIB + " MB");
        actual.put("timeout of a function", FunctionConfig.DEFAULT_TIMEOUT_SEC + " s");
        actual.put("/tmp of a function", FunctionConfig.DEFAULT_EPHEMERAL_STORAGE_MIB + " MB");
        actual.put("architecture of a function", FunctionConfig.DEFAULT_ARCHITECTURE);

        assertThat(table("### Without an option")).containsExactlyInAnyOrderEntriesOf(actual);
    }

    private static String drain(RunOptions options) {
        return seconds(Long.parseLong(options.describe().get("drainMs")) * 1_000_000);
    }

    private static String seconds(long ns) {
        return ns / 1_000_000_000 + " s";
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    @Test
    void shouldReserveWhatTheDocumentsSayOfThisHost() throws IOException {
        ServerOptions options = new ServerOptions();
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        assertThat(Files.readString(ROOT.resolve("docs/specification.md")))
                .contains("80 % of the host's memory and 20 vCPUs for each core");
        assertThat((double) options.hostMemoryMib()).isCloseTo(0.8 * (machine.getTotalMemorySize() >> 20), within(1.0));
        assertThat(options.hostMilliVcpus())
                .isEqualTo(20_000 * Runtime.getRuntime().availableProcessors());
    }

    @Test
    void shouldSayTheSameInTheOtherDocuments() throws IOException {
        int found = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/architecture.md"))) {
            Matcher bracket = BRACKET.matcher(line);
            while (line.startsWith("| `") && bracket.find()) {
                String verb = line.substring(3).split("[ `]", 2)[0];
                OptionSpec option = verb(verb).getCommandSpec().findOption(bracket.group(1));
                assertThat(option).as("%s %s", verb, bracket.group(1)).isNotNull();
                assertSame(verb + " " + bracket.group(1), option.getValue(), bracket.group(2));
                found++;
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(4);
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("listening on " + ServeCommand.DEFAULT_URL + "\n");
    }

    @Test
    void shouldSayTheSameInTheHelpText() {
        int found = 0;
        for (CommandLine verb : Main.commandLine().getSubcommands().values()) {
            for (OptionSpec option : verb.getCommandSpec().options()) {
                Matcher help = HELP.matcher(String.join(" ", option.description()));
                if (option.group() == null && option.getValue() instanceof Duration duration && help.find()) {
                    assertThat(new Durations().convert(help.group(1)))
                            .as(verb.getCommandName() + " " + option.longestName())
                            .isEqualTo(duration);
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(10);
    }

    /** First and second column of the table below a heading of the specification. */
    private static Map<String, String> table(String heading) throws IOException {
        String text = Files.readString(ROOT.resolve("docs/specification.md"));
        int from = text.indexOf(heading + "\n");
        assertThat(from).as(heading).isNotNegative();
        int to = text.indexOf("\n#", from + 1);
        Map<String, String> rows = new LinkedHashMap<>();
        text.substring(from, to).lines().skip(4).forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.find()) {
                rows.put(row.group(1), row.group(2));
            }
        });
        return rows;
    }
}
