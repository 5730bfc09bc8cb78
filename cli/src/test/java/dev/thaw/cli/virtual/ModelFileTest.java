package dev.thaw.cli.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a file that is no model. */
final class ModelFileTest {
    private static final long NS_PER_MS = 1_000_000;

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseAModelThatIsNone() throws IOException {
        Path file = directory.resolve("model.json");
        Files.writeString(file, "{\n\"schema\": 1,\n\"pooled\": nothing}");
        assertThatThrownBy(() -> ModelFile.read(file)).hasMessageStartingWith(file + ":3: no model: ");

        Files.writeString(file, "{\"schema\": 1}");
        assertThatThrownBy(() -> ModelFile.read(file)).hasMessageStartingWith(file + ":1: no model: ");

        Files.writeString(file, "null");
        assertThatThrownBy(() -> ModelFile.read(file)).hasMessage(file + ":1: no model: is null, must be an object");

        Files.writeString(file, "{\"schema\": 1");
        assertThatThrownBy(() -> ModelFile.read(file))
                .hasMessage(
                        file + ":1: no model: must be JSON: Unexpected end-of-input: expected close marker for Object");

        ModelFile.write(MeasuredModel.ofColdStart(NS_PER_MS), file);
        Files.writeString(file, Files.readString(file).replace("\"schema\" : 1", "\"schema\" : 9"));
        assertThatThrownBy(() -> ModelFile.read(file)).hasMessageEndingWith("schema is 9, this version reads 1");

        Files.writeString(file, Files.readString(file).replace(": 9", ": 1").replace(": 1000,", ": -7,"));
        assertThatThrownBy(() -> ModelFile.read(file))
                .hasMessageStartingWith(file + ":")
                .hasMessageEndingWith("initMilliVcpus is -7, must be 0..4000000");
    }

    /** In the file's terms, not in those of the program that reads it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "null | functions: is null, must be there",
                "[null] | a value is null, none must be",
                "{} | functions: must be a list",
                "[{\"name\": \"f\", \"memoryMib\": 1}] | functions[0].milliVcpus: is missing, must be there",
                "[{\"name\": \"f\", \"memoryMib\": 1, \"milliVcpus\": -7, \"tables\": {}}] |"
                        + " functions[0]: milliVcpus is -7, must be -1 for unknown, or 0..4000000",
                "[{\"name\": \"f\", \"memoryMib\": \"much\"}] | functions[0].memoryMib: 'much', must be a whole number",
                "[{\"name\": \"f\", \"memoryMib\": 128.9}] | functions[0].memoryMib: '128.9', must be a whole number",
                "[{\"tables\": {\"invoke\": {\"n\": 1, \"p\": [0, 1], \"ns\": [1.5, 2]}}}] | functions[0].tables.invoke.ns[0]: '1.5', must be a whole number",
                "[{\"name\": \"f\", \"memoryMib\": 99999999999}] | functions[0].memoryMib: must be a whole number of 32 bits at most",
                "[{\"tables\": {\"invoke\": {\"n\": 99999999999999999999}}}] | functions[0].tables.invoke.n: must be a whole number of 64 bits at most",
                "[{\"name\": \"f\", \"milliVcpus\": 0, \"tables\": {}, \"memoryMib\": 1, \"memory\": 5}] | functions[0].memory: is no field of it, must be one of memoryMib,"
                        + " milliVcpus, name, tables",
                "[{\"name\": \"f\", \"memoryMib\": 1, \"milliVcpus\": 0, \"tables\": {\"work\": null}}] |"
                        + " functions[0]: a value is null, none must be",
                "[{\"tables\": {\"invoke\": {\"n\": 1, \"p\": [0, \"all\"]}}}] | functions[0].tables.invoke.p[1]:"
                        + " 'all', must be a number",
                "[3] | functions[0]: must be an object",
                "[] [] | must be JSON: ",
            })
    void shouldSayWhatIsWrongWithAModelInItsOwnTerms(String functions, String words) throws IOException {
        assertRefused(functions, words);
    }

    @Test
    void shouldRefuseWhatNobodyReads() throws IOException {
        assertRefused(
                "[{\"memoryMib\": " + "1".repeat(2_000) + "}]",
                "functions[0]: is nested too deep, or a text or number in it is too long");
    }

    private void assertRefused(String functions, String words) throws IOException {
        Path file = directory.resolve("model.json");
        ModelFile.write(MeasuredModel.ofColdStart(NS_PER_MS), file);
        String good = Files.readString(file);
        String bad =
                good.replaceFirst("\"functions\" : \\[ *\\]", Matcher.quoteReplacement("\"functions\" : " + functions));
        assertThat(bad).isNotEqualTo(good);
        Files.writeString(file, bad);

        assertThatThrownBy(() -> ModelFile.read(file))
                .message()
                .startsWith(file + ":")
                .contains(": no model: " + words)
                .doesNotContain("dev.thaw", "java.", "\n");
    }
}
