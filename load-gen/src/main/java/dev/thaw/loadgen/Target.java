package dev.thaw.loadgen;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where requests go.
 *
 * @param host name or address
 * @param port 1..65535
 * @param path of every request, or, where {@code byFunction}, what comes before the Invoke API's path
 * @param byFunction each function has a path of its own in the Invoke API (wire.md W4)
 */
public record Target(String host, int port, String path, boolean byFunction) {
    private static final int DEFAULT_PORT = 80;
    /** A name, a name and a qualifier, or an ARN. */
    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9_:$-]{1,170}");

    /** The Invoke API below this base, such as {@code http://127.0.0.1:9001}. */
    public static Target invokeApi(String base) {
        Target url = url(base);
        String path = url.path.endsWith("/") ? url.path.substring(0, url.path.length() - 1) : url.path;
        return new Target(url.host, url.port, path, true);
    }

    /** Exactly this URL, whatever the function. */
    public static Target url(String text) {
        URI uri = parse(text);
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new LoadException("target: '" + text + "', must be http://host[:port][/path]");
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new LoadException("target: '" + text + "', must have a port 1..65535");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(uri.getHost(), port, path + query, false);
    }

    private static URI parse(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new LoadException("target: '" + text + "', must be a URL: " + e.getMessage());
        }
    }

    String pathOf(String function) {
        if (!byFunction) {
            return path;
        }
        if (!FUNCTION.matcher(function).matches()) {
            throw new LoadException("function: '" + function + "', must be 1..170 of [A-Za-z0-9_:$-]");
        }
        return path + "/2015-03-31/functions/" + function + "/invocations";
    }
}
