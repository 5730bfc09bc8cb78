package dev.thaw.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every test that the documentation names is there: a promise is not left to a test that was renamed or dropped. */
final class DocumentedTestsTest {
    private static final Path ROOT = Path.of(System.getProperty("thaw.root", ".."));
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:Test|Properties))(?:\\.(\\w+))?`");
    private static final Pattern PARENT = Pattern.compile("class \\w+ extends (\\w+)");

    private final Map<String, String> sources = new HashMap<>();

    @Test
    void shouldFindEveryTestThatTheDocumentationNames() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                read(module.resolve("src/test/java"));
            }
        }
        List<String> missing = new ArrayList<>();
        int named = 0;
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page :
                    pages.filter(each -> each.toString().endsWith(".md")).toList()) {
                Matcher name = NAMED.matcher(Files.readString(page));
                while (name.find()) {
                    named++;
                    if (!isThere(name.group(1), name.group(2))) {
                        missing.add(page.getFileName() + ": " + name.group());
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThan(500);
    }

    private void read(Path tests) throws IOException {
        if (Files.isDirectory(tests)) {
            try (Stream<Path> files = Files.walk(tests)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
    }

    /** In the class itself or in a contract that it extends. */
    private boolean isThere(String type, @Nullable String method) {
        String source = sources.get(type);
        if (source == null) {
            return false;
        }
        if (method == null || source.contains(" " + method + "(")) {
            return true;
        }
        Matcher parent = PARENT.matcher(source);
        return parent.find() && isThere(parent.group(1), method);
    }
}
