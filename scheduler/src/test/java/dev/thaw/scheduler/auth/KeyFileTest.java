package dev.thaw.scheduler.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key files: what is read, and by which line the rest is refused. */
final class KeyFileTest {
    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        Path file = directory.resolve("keys");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void shouldReadYaml() throws IOException {
        Map<String, AccessKey> keys = KeyFile.read(file("""
                Keys:
                  - AccessKeyId: AKIDEXAMPLE
                    SecretAccessKey: secret
                    Principal: alice
                  - AccessKeyId: ASIAEXAMPLE
                    SecretAccessKey: other
                    SessionToken: token
                    Expiration: "2030-01-31T12:00:00Z"
                    Principal: arn:aws:sts::111111111111:assumed-role/r/s
                    Statement:
                      - Sid: one
                        Effect: Deny
                        Action: lambda:*
                        Resource: ["*", "arn:aws:lambda:us-east-1:000000000000:function:f"]
                """)).keys();
        assertThat(keys.get("AKIDEXAMPLE"))
                .isEqualTo(new AccessKey(
                        "AKIDEXAMPLE", "secret", null, null, "arn:aws:iam::000000000000:user/alice", null));
        assertThat(keys.get("ASIAEXAMPLE"))
                .isEqualTo(new AccessKey(
                        "ASIAEXAMPLE",
                        "other",
                        "token",
                        Instant.parse("2030-01-31T12:00:00Z"),
                        "arn:aws:sts::111111111111:assumed-role/r/s",
                        List.of(new IdentityStatement(
                                false,
                                List.of("lambda:*"),
                                List.of("*", "arn:aws:lambda:us-east-1:000000000000:function:f")))));
        assertThat(keys.toString()).doesNotContain("secret", "other", "token");
    }

    @Test
    void shouldReadTheTokenOfMetrics() throws IOException {
        String keys = "Keys: [{AccessKeyId: AKID, SecretAccessKey: s, Principal: p}]\n";
        assertThat(KeyFile.read(file(keys)).metricsToken()).isNull();
        assertThat(KeyFile.read(file(keys + "MetricsToken: 0123456789abcdef")).metricsToken())
                .isEqualTo("0123456789abcdef");
        assertThatThrownBy(() -> KeyFile.read(file(keys + "MetricsToken: short")))
                .hasMessageContaining("MetricsToken: must match [A-Za-z0-9._~+/=-]{16,512}")
                .hasMessageNotContaining("short");
    }

    @Test
    void shouldGiveClientsTheirKey() throws IOException {
        Path file = file("""
                Keys:
                  - {AccessKeyId: ZZZZ, SecretAccessKey: first, Principal: a}
                  - {AccessKeyId: AAAA, SecretAccessKey: second, SessionToken: t, Principal: b}
                """);
        assertThat(Credentials.of(file, null)).isEqualTo(new Credentials("ZZZZ", "first", null));
        assertThat(Credentials.of(file, "AAAA")).isEqualTo(new Credentials("AAAA", "second", "t"));
        assertThatThrownBy(() -> Credentials.of(file, "BBBB"))
                .hasMessage(file + ": has no key BBBB, must be one of ZZZZ, AAAA");
        assertThat(Credentials.of(file, "AAAA").toString()).isEqualTo("AAAA");
    }

    @Test
    void shouldTakeTheEnvironmentsKeyWhereItIsWhole() {
        assertThat(Credentials.of(Map.of("AWS_ACCESS_KEY_ID", "A", "AWS_SECRET_ACCESS_KEY", "s")))
                .isEqualTo(new Credentials("A", "s", null));
        assertThat(Credentials.of(
                        Map.of("AWS_ACCESS_KEY_ID", "A", "AWS_SECRET_ACCESS_KEY", "s", "AWS_SESSION_TOKEN", "t")))
                .isEqualTo(new Credentials("A", "s", "t"));
        assertThat(Credentials.of(Map.of("AWS_ACCESS_KEY_ID", "A"))).isNull();
        assertThat(Credentials.of(Map.of())).isNull();
    }

    @Test
    void shouldReadJson() throws IOException {
        Path json = file("{\"Keys\":[{\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"s\","
                + "\"Principal\":\"s3.amazonaws.com\",\"Statement\":[]}]}");
        assertThat(KeyFile.read(json).keys().get("AKID"))
                .isEqualTo(new AccessKey("AKID", "s", null, null, "s3.amazonaws.com", List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | must be an object of Keys",
                "{Keys: []} | Keys: must hold one key or more",
                "{Keys: {}} | Keys: must be a list",
                "{keys: []} | has a member that is not one of Keys",
                "{Keys: [s3cret]} | Keys[0]: must be an object of AccessKeyId",
                "{Keys: [{AccessKeyId: AKID, Principal: a}]} | Keys[0].SecretAccessKey: must be a text",
                "{Keys: [{AccessKeyId: 'a/b', SecretAccessKey: s3cret, Principal: a}]} | Keys[0].AccessKeyId: must match",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret}]} | Keys[0].Principal: must be a text",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: 'a b'}]} | Keys[0].Principal: must be a user's name",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: a, s3cret: 1}]} | Keys[0]: has a member that is not",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: a, Expiration: soon}]} | Expiration: must be a time such as",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: a, Statement: [{Effect: Maybe}]}]} | Statement[0].Effect: must match",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: a, Statement: [{Effect: Allow, Action: a}]}]} | Statement[0].Resource: must be a list",
                "{Keys: [{AccessKeyId: AKID, SecretAccessKey: s3cret, Principal: a, Statement: [{Effect: Allow, Condition: {}}]}]} | Statement[0]: has a member",
                "{Keys: [s3cret | is neither YAML nor JSON",
            })
    void shouldRefuseInOneLineThatTellsNoSecret(String text, String problem) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(KeyFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem)
                .hasMessageNotContainingAny("s3cret", "\n");
    }

    @Test
    void shouldRefuseAKeyThatIsGivenTwice() throws IOException {
        Path file = file("Keys: [&k {AccessKeyId: AKID, SecretAccessKey: s, Principal: a}, *k]");
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("Keys[1].AccessKeyId: must be given once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void shouldRefuseAFileThatOthersMayRead(String mode) throws IOException {
        Path file = file("{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> KeyFile.read(file))
                .hasMessage(file + ": mode " + mode + ", must be rw------- (chmod 600), it holds secrets");
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        Path file = directory.resolve("none");
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessage(file + ": is not there");
    }
}
