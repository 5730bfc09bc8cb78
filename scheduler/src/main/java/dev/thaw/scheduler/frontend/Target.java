package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.ServedResource;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.InvocationRoute;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves the path of an Invoke request to its function. */
final class Target {
    static final String PREFIX = "/2015-03-31/functions/";
    static final String SUFFIX = "/invocations";
    static final String ASYNC_PREFIX = "/2014-11-13/functions/";
    static final String ASYNC_SUFFIX = "/invoke-async";
    static final String STREAM_PREFIX = "/2021-11-15/functions/";
    static final String STREAM_SUFFIX = "/response-streaming-invocations";
    /** The emulator's name for its one function. */
    static final String EMULATED_NAME = "function";

    private final FunctionRegistry functions;

    Target(FunctionRegistry functions) {
        this.functions = functions;
    }

    /** Whether the path (without query) is an Invoke path. */
    static boolean isInvoke(String path) {
        return isBetween(path, PREFIX, SUFFIX);
    }

    /** Whether the path (without query) asks for an invocation whose response is streamed. */
    static boolean isStreamInvoke(String path) {
        return isBetween(path, STREAM_PREFIX, STREAM_SUFFIX);
    }

    /** Whether the path (without query) is that of the older {@code InvokeAsync}; clients end it with a slash or not. */
    static boolean isInvokeAsync(String path) {
        return isBetween(path, ASYNC_PREFIX, ASYNC_SUFFIX) || isBetween(path, ASYNC_PREFIX, ASYNC_SUFFIX + '/');
    }

    /** The name in such a path, as sent. */
    static String nameInAsync(String path) {
        return path.substring(ASYNC_PREFIX.length(), path.indexOf('/', ASYNC_PREFIX.length()));
    }

    private static boolean isBetween(String path, String prefix, String suffix) {
        return path.length() > prefix.length() + suffix.length()
                && path.startsWith(prefix)
                && path.endsWith(suffix)
                && path.indexOf('/', prefix.length()) == path.length() - suffix.length();
    }

    /** The name in a path of one of the two, as sent. */
    static String nameIn(String path, boolean streamed) {
        return streamed
                ? path.substring(STREAM_PREFIX.length(), path.length() - STREAM_SUFFIX.length())
                : path.substring(PREFIX.length(), path.length() - SUFFIX.length());
    }

    /** Where the invocation goes, or null where {@link #explain} says why there is none. */
    @Nullable
    InvocationRoute find(String name, @Nullable String query) {
        if (query == null) {
            InvocationRoute plain = functions.byName(name);
            if (plain != null) {
                return plain;
            }
        }
        return slowFind(name, query);
    }

    /** Why {@link #find} found nothing: as the operations say it that look at a function. */
    Fault explain(String encodedName, @Nullable String query) {
        String name = decode(encodedName);
        try {
            ServedResource.checkInvoked(name, query == null ? Map.of() : parameters(query));
        } catch (ServiceFault refused) {
            return Fault.of(refused);
        }
        FunctionReference wanted = qualified(Objects.requireNonNull(FunctionReference.parse(name)), query);
        String state = functions.withheld(Objects.requireNonNull(wanted));
        return state == null ? Fault.functionNotFound(wanted.qualifiedArn()) : Fault.notInvocable(state);
    }

    /** What policies know it by where {@link #find} found nothing; null where it can be no function. */
    @Nullable
    String arn(String encodedName, @Nullable String query) {
        FunctionReference parsed = FunctionReference.parse(decode(encodedName));
        FunctionReference wanted = parsed == null ? null : qualified(parsed, query);
        return wanted == null ? null : wanted.arn();
    }

    private @Nullable InvocationRoute slowFind(String encodedName, @Nullable String query) {
        FunctionReference parsed = FunctionReference.parse(decode(encodedName));
        FunctionReference wanted = parsed == null ? null : qualified(parsed, query);
        if (wanted == null) {
            return null;
        }
        InvocationRoute found = functions.resolve(wanted);
        String only = found == null && wanted.name().equals(EMULATED_NAME) ? functions.onlyName() : null;
        return only == null ? found : functions.resolve(wanted.named(only));
    }

    /** With the qualifier of the query; null where name and query name different ones. */
    private static @Nullable FunctionReference qualified(FunctionReference reference, @Nullable String query) {
        String qualifier = query == null ? null : qualifierIn(query);
        if (qualifier == null) {
            return reference;
        }
        boolean differs =
                reference.qualifier() != null && !reference.qualifier().equals(qualifier);
        return differs ? null : reference.qualifiedBy(qualifier);
    }

    /** What is not percent-encoded text stays as it is, and then breaks the pattern of names. */
    private static String decode(String encoded) {
        try {
            return QueryStringDecoder.decodeComponent(encoded);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }

    private static @Nullable String qualifierIn(String query) {
        List<String> values = parameters(query).get("Qualifier");
        return values == null || values.get(0).isEmpty() ? null : values.get(0);
    }

    /** A query that is not percent-encoded text is a qualifier that breaks the pattern. */
    private static Map<String, List<String>> parameters(String query) {
        try {
            return QueryParameters.of(query);
        } catch (IllegalArgumentException e) {
            return Map.of("Qualifier", List.of(query));
        }
    }
}
