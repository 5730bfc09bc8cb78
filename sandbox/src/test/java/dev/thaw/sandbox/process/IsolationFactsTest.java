package dev.thaw.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thaw.sandbox.Bench;
import dev.thaw.sandbox.ExitStatus;
import dev.thaw.sandbox.Functions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a function sees of its host: asked from inside, once. */
@Tag("slow")
final class IsolationFactsTest {
    private static final String QUESTIONS = """
            ask() { printf '%s=' "$1"; shift; "$@" 2>&1 | tr '\\n' ' '; echo; }
            ask user id -u
            ask ids cat /proc/self/uid_map
            ask host uname -n
            ask root ls /root
            ask top ls /
            ask shadow cat /etc/shadow
            ask processes sh -c 'ls /proc | grep -c "^[0-9]"'
            ask devices ls /sys /dev
            ask interfaces sh -c 'tail -n +3 /proc/net/dev | cut -d: -f1'
            ask routes sh -c 'tail -n +2 /proc/net/route'
            ask write sh -c 'echo x > /usr/x'
            ask writetask sh -c 'echo x > /var/task/x'
            ask writetmp sh -c 'echo x > /tmp/x && cat /tmp/x'
            ask sysctl sh -c 'echo x > /proc/sys/kernel/core_pattern'
            ask privileges grep -E 'NoNewPrivs|Seccomp:|CapEff|CapBnd' /proc/self/status
            ask unshare unshare --user true
            ask mount mount -t tmpfs none /tmp
            ask fds sh -c 'ls /proc/self/fd'
            ask commandline sh -c 'tr "\\0" " " < /proc/1/cmdline'
            ask environment env
            ask private cat /var/task/private
            """;

    @TempDir
    static Path folder;

    private static Map<String, String> answers = Map.of();

    @BeforeAll
    static void ask() throws IOException {
        Functions.requireFullIsolation();
        Path code = Functions.shell(folder, "facts", QUESTIONS);
        Files.setPosixFilePermissions(
                Files.writeString(code.resolve("private"), "for the owner"),
                PosixFilePermissions.fromString("rw-------"));
        try (ProcessBackend backend = new ProcessBackend()) {
            try (Bench bench = new Bench(backend, Functions.spec("facts", code)).start()) {
                answers = parse(bench.outputAfter(new ExitStatus(0, 0, false)));
            }
        }
    }

    private static Map<String, String> parse(String output) {
        return Arrays.stream(output.split("\n", -1))
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip(), (a, _) -> a));
    }

    private static String answer(String question) {
        return answers.getOrDefault(question, "no answer");
    }

    @Test
    void shouldShowNothingOfTheHostsUsersAndProcesses() {
        assertThat(answer("user")).isEqualTo("993");
        assertThat(answer("ids").split(" +")).containsExactly("993", "65534", "1");
        assertThat(answer("host")).isEqualTo("facts");
        assertThat(answer("root")).contains("No such file");
        assertThat(answer("shadow")).contains("No such file");
        assertThat(Integer.parseInt(answer("processes"))).isBetween(2, 8);
        assertThat(answer("commandline")).doesNotContain("/tmp/").startsWith("/usr/bin/bwrap --args");
        assertThat(answer("top").split(" +"))
                .containsAll(List.of("dev", "etc", "opt", "proc", "tmp", "usr", "var"))
                .doesNotContain("home", "root", "sys", "work", "run", "mnt");
    }

    @Test
    void shouldHaveNoWayOut() {
        assertThat(answer("interfaces")).isEqualTo("lo");
        assertThat(answer("routes")).isEmpty();
    }

    @Test
    void shouldBeReadOnlyButForTmp() {
        assertThat(answer("write")).contains("Read-only file system");
        assertThat(answer("writetask")).contains("Read-only file system");
        assertThat(answer("writetmp")).isEqualTo("x");
        assertThat(answer("sysctl")).containsAnyOf("Permission denied", "Read-only");
    }

    @Test
    void shouldHoldNoPrivilegeAndGainNone() {
        assertThat(answer("privileges"))
                .contains("NoNewPrivs:\t1")
                .contains("Seccomp:\t2")
                .contains("CapEff:\t0000000000000000")
                .contains("CapBnd:\t0000000000000000");
        assertThat(answer("unshare")).contains("Operation not permitted");
        assertThat(answer("mount")).containsAnyOf("permission denied", "not permitted", "must be superuser");
    }

    @Test
    void shouldInheritNoDescriptorAndNoVariable() {
        assertThat(answer("fds")).isEqualTo("0 1 2 3");
        assertThat(answer("environment"))
                .contains("LAMBDA_TASK_ROOT=/var/task")
                .doesNotContain("JAVA_HOME")
                .doesNotContain("HOME=/root");
    }

    @Test
    void shouldReadCodeThatOnlyItsOwnerMayRead() {
        assertThat(answer("private")).isEqualTo("for the owner");
    }
}
