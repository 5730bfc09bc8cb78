package dev.thaw.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a server's URL: plain HTTP, with a host. */
final class HttpUrls implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text);
            if ("http".equalsIgnoreCase(url.getScheme()) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, with the bound.
        }
        throw new TypeConversionException("'" + text + "' is not a URL such as http://127.0.0.1:9001");
    }
}
