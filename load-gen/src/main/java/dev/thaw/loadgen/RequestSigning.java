package dev.thaw.loadgen;

/**
 * Signs the requests of a load, each with a time in its signature that a server bounds.
 *
 * <p>Threading: the load's thread.
 */
@FunctionalInterface
public interface RequestSigning {
    /** For POST requests to this path, with its query. {@code host}: as in the request's header. */
    Signature of(String host, String path);

    /** Of requests to one path. */
    @FunctionalInterface
    interface Signature {
        /** Header lines for this body, now; each ends with CR and LF. As long every time. */
        String lines(byte[] bytes, int at, int length);
    }
}
