package dev.thaw.results.live;

import dev.thaw.results.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.node.JsonNodeFactory;

/** The live page: one file that looks as a report does and follows the events of the address that it came from. */
public final class LivePage {
    private static final String HTML = render();

    private LivePage() {}

    public static String html() {
        return HTML;
    }

    private static String render() {
        try {
            return Page.of("thaw live", Page.resource("live.html"), JsonNodeFactory.instance.objectNode(), "live.js");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
