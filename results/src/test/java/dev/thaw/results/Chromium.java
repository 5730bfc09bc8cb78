package dev.thaw.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Opens pages in headless Chromium. Where there is none, whoever asks is skipped and a line says so. */
public final class Chromium {
    public static final String DARK = "--blink-settings=preferredColorScheme=0";
    public static final String LIGHT = "--blink-settings=preferredColorScheme=1";

    /**
     * Leaves in the document what went wrong, whether charts were drawn, how wide the page came out, and what a screen
     * reader or a keyboard would not reach: pictures, regions, buttons and fields without a name, what scrolls without
     * being focusable, cells without a header.
     */
    private static final String PROBE = """
            <script>
            window.problems = [];
            addEventListener('error', e => window.problems.push(e.message));
            addEventListener('unhandledrejection', e => window.problems.push(String(e.reason)));
            console.error = (...all) => window.problems.push(all.join(' '));
            addEventListener('load', () => setTimeout(() => {
              const root = document.documentElement;
              const all = selector => [...document.querySelectorAll(selector)];
              const unnamed = [
                ...all('[role=img], [role=region]').filter(each => !each.getAttribute('aria-label')),
                ...all('button, th[scope=row]').filter(each => !each.textContent.trim()),
                ...all('input').filter(each => !each.labels.length),
                ...all('.scroll').filter(each => each.tabIndex !== 0),
                ...all('svg').filter(each => each.getAttribute('aria-hidden') !== 'true'),
                ...all('table.grid').filter(each => !each.tHead),
                ...all('tbody tr').filter(each => !each.querySelector('th[scope=row], th') && !each.closest('.uplot'))];
              root.dataset.unnamed = JSON.stringify(unnamed.map(each => each.outerHTML.slice(0, 80)));
              root.dataset.problems = JSON.stringify(window.problems);
              root.dataset.canvases = document.querySelectorAll('canvas').length;
              root.dataset.sideways = root.scrollWidth > root.clientWidth;
              root.dataset.dark = matchMedia('(prefers-color-scheme: dark)').matches;
              const table = document.querySelector('#functions') ?? document.querySelector('table[data-sortable]');
              const header = table?.querySelector('th button');
              if (header) {
                header.focus();
                root.dataset.focused = document.activeElement === header;
                header.click();
              }
              root.dataset.first = table?.querySelector('tbody th')?.textContent ?? '';
            }, 50));
            </script>
            """;

    private static final Optional<String> PROGRAM = find();

    private Chromium() {}

    private static Optional<String> find() {
        Optional<String> found = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst();
        if (found.isEmpty()) {
            System.out.println("skipped: reports in a browser: no chromium on this machine");
        }
        return found;
    }

    /** What the document is once its scripts have run. */
    public static String open(String html, Path folder, String scheme, int width)
            throws IOException, InterruptedException {
        assumeThat(PROGRAM).isPresent();
        Path page = Files.createTempFile(folder, "probed", ".html");
        Files.writeString(page, html.replaceFirst("<head>", "<head>" + PROBE));
        Path profile = Files.createTempDirectory(folder, "profile");
        Process process = new ProcessBuilder(
                        PROGRAM.orElseThrow(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + profile,
                        "--window-size=" + width + ",2400",
                        scheme,
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        page.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String dom = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return dom;
    }
}
