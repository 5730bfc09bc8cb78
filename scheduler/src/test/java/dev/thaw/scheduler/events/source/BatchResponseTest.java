package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchResponseTest {
    private static Set<String> failures(String body) {
        return BatchResponse.failures(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Items.items(1, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "{}", "'done'", "{'batchItemFailures':[]}", "{'batchItemFailures':null}", "[1]"})
    void shouldTakeNothingSaidAsSuccess(String body) {
        assertThat(failures(body)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'batchItemFailures':[{'itemIdentifier':'2'}]} | 2",
                "{'batchItemFailures':[{'itemIdentifier':'3'},{'itemIdentifier':'1'}]} | 1,3",
            })
    void shouldTellWhichFailed(String body, String ids) {
        assertThat(failures(body)).containsExactlyInAnyOrder(ids.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'batchItemFailures':",
                "{'batchItemFailures':'2'}",
                "{'batchItemFailures':[{'itemIdentifier':''}]}",
                "{'batchItemFailures':[{'itemIdentifier':null}]}",
                "{'batchItemFailures':[{'id':'2'}]}",
                "{'batchItemFailures':[{'itemIdentifier':2}]}",
                "{'batchItemFailures':[{'itemIdentifier':'2'},{'itemIdentifier':'9'}]}",
            })
    void shouldTakeWhatItCannotUnderstandAsTheFailureOfAll(String body) {
        assertThat(failures(body)).containsExactlyInAnyOrder("1", "2", "3");
    }
}
