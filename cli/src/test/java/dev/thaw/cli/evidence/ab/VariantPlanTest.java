package dev.thaw.cli.evidence.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thaw.cli.evidence.ab.Words.Owner;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

final class VariantPlanTest {
    private static final Path TEMPLATE = Path.of("/examples/template.yaml");
    private static final Vocabulary LOAD = new Vocabulary(
            spec("load", "--function", "--target", "--url", "--rate", "--seed"),
            spec("serve", "--port", "--keep-alive", "--fault", "-t,--template", "--state"));
    private static final Vocabulary REPLAY = new Vocabulary(spec("replay", "--url", "--keep-alive"), null);

    private static CommandSpec spec(String name, String... options) {
        CommandSpec spec = CommandSpec.create().name(name);
        for (String option : options) {
            spec.addOption(OptionSpec.builder(option.split(",")).arity("1").build());
        }
        return spec.addOption(OptionSpec.builder("--rows").arity("0").build());
    }

    private static VariantPlan load(String variant, String command) {
        return VariantPlan.of(Variant.parse(variant), List.of(command.split(" ")), LOAD, TEMPLATE);
    }

    @Test
    void shouldStartAServerForWhatNamesNoEndpoint() {
        VariantPlan plan = load("a: --keep-alive 0ms --rate=7", "--function echo --rate 5 --keep-alive 1m --fault x");

        assertThat(plan.name()).isEqualTo("a");
        assertThat(plan.verb().of(Owner.VERB)).containsExactly("--function", "echo", "--rate=7");
        assertThat(plan.server())
                .containsExactly("--fault", "x", "--keep-alive", "0ms", "--template", "/examples/template.yaml");
        assertThat(load("b: -t mine.yaml", "--function echo").server()).containsExactly("-t", "mine.yaml");
        assertThat(load("c", "--function echo").server()).containsExactly("--template", "/examples/template.yaml");
    }

    @Test
    void shouldTakeAnEndpointInPlaceOfAFunction() {
        VariantPlan peer = load("nginx: --target http://127.0.0.1:8080/", "--function echo --rate 5 --keep-alive 1m");
        VariantPlan other = load("other: --url http://h:1", "--function echo --rate 5");

        assertThat(peer.server()).isNull();
        assertThat(peer.verb().of(Owner.VERB)).containsExactly("--rate", "5", "--target", "http://127.0.0.1:8080/");
        assertThat(other.server()).isNull();
        assertThat(peer.endpoint()).isEqualTo("http://127.0.0.1:8080/");
        assertThat(other.endpoint()).isEqualTo("http://h:1");
        assertThat(other.verb().of(Owner.VERB))
                .containsExactly("--function", "echo", "--rate", "5", "--url", "http://h:1");
    }

    @Test
    void shouldTellTheBuildAndItsJvm() {
        VariantPlan plan = load("old: --thaw '/a folder' --jvm '-XX:+UseZGC -Xmx2g'", "--function echo");

        assertThat(plan.thaw()).isEqualTo("/a folder");
        assertThat(plan.jvm()).containsExactly("-XX:+UseZGC", "-Xmx2g");
        assertThat(plan.verb().of(Owner.VERB)).containsExactly("--function", "echo");
        assertThat(plan.server()).doesNotContain("--thaw", "--jvm");
    }

    @Test
    void shouldLeaveAVerbItsOwnServerAndWhatComesAfterTheOptions() {
        VariantPlan plan = VariantPlan.of(
                Variant.parse("a: --keep-alive 0ms --rows"), List.of("trace.csv", "--", "-f", "1"), REPLAY, TEMPLATE);

        assertThat(plan.server()).isNull();
        assertThat(plan.verb().with("--runs", "d").of(Owner.VERB))
                .containsExactly("trace.csv", "--keep-alive", "0ms", "--rows", "--runs", "d", "--", "-f", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: --fly | variant a: --fly is no option of load, nor of serve, nor --thaw or --jvm",
                "a: --rate | variant a: --rate has no value",
                "a: --port 80 | variant a: --port is chosen by ab itself",
                "a: --url http://h --keep-alive 1m | variant a: --keep-alive is for a server that ab starts, and this",
                "a: --target http://h --thaw .. | variant a: --thaw is for a server that ab starts, and this variant",
                "a: --rate '5 | variant a: a quote is not closed in '--rate '5'",
                "a b | --variant: 'a b', must be NAME or 'NAME: OPTIONS'",
                ".a: --rate 5 | --variant: '.a: --rate 5', must be NAME or 'NAME: OPTIONS'"
            },
            quoteCharacter = '`')
    void shouldRefuseInOneLine(String variant, String line) {
        assertThatThrownBy(() -> load(variant, "--function echo"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(line);
    }

    @Test
    void shouldPartWordsAsAShellDoes() {
        assertThat(Variant.words("x", " --a  'b c'\td\"e 'f\"g '' ")).containsExactly("--a", "b c", "de 'fg", "");
        assertThat(Variant.parse("a:--rate 5").words()).containsExactly("--rate", "5");
        assertThat(Variant.parse("a-1.x").words()).isEmpty();
    }
}
