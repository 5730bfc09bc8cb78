package dev.thaw.scheduler.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OperationsTest {
    @Test
    void shouldFindEveryOperationByItsOwnPath() {
        assertThat(Operations.all()).hasSizeGreaterThan(80);
        List<String> wrong = new ArrayList<>();
        for (Operation operation : Operations.all()) {
            Map<String, String> labels = new HashMap<>();
            StringBuilder path = new StringBuilder();
            for (String part : operation.parts()) {
                String value = "arn:aws:x/" + labels.size() + " +%";
                if (Operation.isLabel(part)) {
                    labels.put(part.substring(1, part.length() - 1), value);
                    path.append('/').append(encode(value));
                } else {
                    path.append('/').append(part);
                }
            }
            Route expected = new Route.Found(operation, labels);
            for (String end : List.of("", "/")) {
                if (!Operations.find(operation.method(), path + end, query(operation))
                        .equals(expected)) {
                    wrong.add(operation.name() + end);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Map<String, List<String>> query(Operation operation) {
        String selector = operation.selector();
        if (selector == null) {
            return Map.of("Qualifier", List.of("1"));
        }
        String[] pair = selector.split("=", 2);
        return Map.of(pair[0], List.of(pair[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /2019-09-30/functions/f/provisioned-concurrency, Qualifier, 1, GetProvisionedConcurrencyConfig",
        "GET, /2019-09-30/functions/f/provisioned-concurrency, List, ALL, ListProvisionedConcurrencyConfigs",
        "GET, /2019-09-30/functions/f/provisioned-concurrency, List, SOME, GetProvisionedConcurrencyConfig",
        "GET, /2018-10-31/layers, find, LayerVersion, GetLayerVersionByArn",
        "GET, /2018-10-31/layers, Marker, x, ListLayers",
        "POST, /2015-03-31/functions/, Marker, x, CreateFunction",
    })
    void shouldTellOperationsOfOnePathApart(String method, String path, String name, String value, String operation) {
        assertThat(Operations.find(method, path, Map.of(name, List.of(value))))
                .isInstanceOfSatisfying(
                        Route.Found.class,
                        found -> assertThat(found.operation().name()).isEqualTo(operation));
    }

    @Test
    void shouldNameTheMethodsOfAPath() {
        assertThat(Operations.find("PATCH", "/2015-03-31/functions/f", Map.of()))
                .isEqualTo(new Route.WrongMethod("DELETE, GET"));
    }

    @ParameterizedTest
    @CsvSource({
        "/",
        "/2015-03-31",
        "/2015-03-31/functions/f/nothing",
        "/2014-03-31/functions/f",
        "/2015-03-31/functions/f/aliases/a/b",
        "/2015-03-31//functions",
        "2015-03-31/functions"
    })
    void shouldNotKnowOtherPaths(String path) {
        assertThat(Operations.find("GET", path, Map.of())).isEqualTo(new Route.UnknownPath());
    }

    @Test
    void shouldKeepWhatIsNotEncodedText() {
        assertThat(Operations.find("GET", "/2015-03-31/functions/%zz", Map.of()))
                .isInstanceOfSatisfying(
                        Route.Found.class, found -> assertThat(found.labels()).containsEntry("FunctionName", "%zz"));
    }
}
