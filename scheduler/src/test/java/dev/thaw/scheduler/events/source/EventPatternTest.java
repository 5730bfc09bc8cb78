package dev.thaw.scheduler.events.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EventPatternTest {
    private static final JsonNode ITEM = new JsonMapper().readTree("""
                    {"eventSource":"aws:sqs","body":{"kind":"Tea","cups":3,"hot":true,"tags":["black","loose"],"milk":null}}
                    """);

    private static EventPattern pattern(String text) {
        return EventPattern.parse(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'eventSource':['aws:sqs']} | true",
                "{'eventSource':['aws:sns','aws:sqs']} | true",
                "{'eventSource':['aws:sns']} | false",
                "{'body':{'kind':['Tea'],'cups':[3]}} | true",
                "{'body':{'kind':['Tea'],'cups':[4]}} | false",
                "{'body':{'cups':[3.0]}} | true",
                "{'body':{'cups':['3']}} | false",
                "{'body':{'hot':[true]}} | true",
                "{'body':{'milk':[null]}} | true",
                "{'body':{'tags':['loose']}} | true",
                "{'body':{'tags':['green']}} | false",
                "{'body':{'kind':[{'prefix':'Te'}]}} | true",
                "{'body':{'kind':[{'suffix':'Te'}]}} | false",
                "{'body':{'kind':[{'equals-ignore-case':'tEA'}]}} | true",
                "{'body':{'kind':[{'anything-but':['Coffee']}]}} | true",
                "{'body':{'kind':[{'anything-but':'Tea'}]}} | false",
                "{'body':{'kind':[{'anything-but':{'prefix':'T'}}]}} | false",
                "{'body':{'other':[{'anything-but':'Tea'}]}} | false",
                "{'body':{'kind':[{'exists':true}]}} | true",
                "{'body':{'other':[{'exists':false}]}} | true",
                "{'body':{'kind':[{'exists':false}]}} | false",
                "{'body':{'cups':[{'numeric':['>',2,'<=',3]}]}} | true",
                "{'body':{'cups':[{'numeric':['>',3]}]}} | false",
                "{'body':{'kind':[{'numeric':['>',0]}]}} | false",
                "{'$or':[{'body':{'cups':[9]}},{'body':{'kind':['Tea']}}]} | true",
                "{'$or':[{'body':{'cups':[9]}},{'body':{'kind':['Cocoa']}}]} | false",
                "{'body':{'kind':{'name':['Tea']}}} | false",
            })
    void shouldMatch(String text, boolean matches) {
        assertThat(pattern(text).matches(ITEM)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{'body':'Tea'}",
                "{'body':[]}",
                "{'body':[[1]]}",
                "{'body':[{'prefix':1}]}",
                "{'body':[{'cidr':'10.0.0.0/8'}]}",
                "{'body':[{'exists':'yes'}]}",
                "{'body':[{'numeric':['>']}]}",
                "{'body':[{'numeric':['!',1]}]}",
                "{'body':[{'prefix':'a','suffix':'b'}]}",
            })
    void shouldRefuse(String text) {
        assertThatThrownBy(() -> pattern(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(EventSources.patternProblem(text.replace('\'', '"'))).isNotNull();
    }

    @Test
    void shouldReadABodyAsJsonWhereThePatternAsksForItsMembers() {
        ItemFilter filter = ItemFilter.of(List.of("{\"body\":{\"number\":[{\"numeric\":[\">\",2]}]}}"));
        assertThat(Items.ids(filter.keep(Items.items(1, 4)))).containsExactly("3", "4");
        ItemFilter asText = ItemFilter.of(List.of("{\"body\":[{\"prefix\":\"{\"}]}"));
        assertThat(asText.keep(Items.items(1, 4))).hasSize(4);
    }
}
