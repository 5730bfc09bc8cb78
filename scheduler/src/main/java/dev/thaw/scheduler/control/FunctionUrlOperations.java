package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.state.Codec;
import dev.thaw.scheduler.control.state.StateStore;
import dev.thaw.scheduler.control.state.Table;
import dev.thaw.scheduler.control.url.Cors;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.control.url.FunctionUrls;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.agrona.concurrent.EpochClock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of function URLs: at most one for {@code $LATEST} and for each alias, none for a numbered version
 * (contract.md section 1.13).
 *
 * <p>Threading: the control plane's thread.
 */
public final class FunctionUrlOperations {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern QUALIFIER = Pattern.compile("((?!^\\d+$)^[0-9a-zA-Z-_]+$)");
    private static final List<String> AUTH_TYPES = List.of(FunctionUrl.NONE, FunctionUrl.AWS_IAM);
    private static final List<String> INVOKE_MODES = List.of(FunctionUrl.BUFFERED, FunctionUrl.RESPONSE_STREAM);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String NO_FUNCTION = "Function does not exist";
    private static final String NO_RESOURCE = "The resource you requested does not exist.";
    private static final int MAX_ITEMS = 50;

    private final Catalog catalog;
    /** By name and qualifier: {@code f:$LATEST}. */
    private final Table<FunctionUrl> urls;

    private final UnaryOperator<String> addresses;
    private final Supplier<String> ids;
    private final EpochClock clock;

    /**
     * Keeps the configurations in the store.
     *
     * @param addresses the URL of an id
     * @param ids makes unique ones
     */
    public FunctionUrlOperations(
            Catalog catalog,
            StateStore store,
            UnaryOperator<String> addresses,
            Supplier<String> ids,
            EpochClock clock) {
        this.catalog = catalog;
        this.urls = store.table("url", Codec.json(JSON, FunctionUrl.class));
        this.addresses = addresses;
        this.ids = ids;
        this.clock = clock;
        catalog.onRemoval(this::onRemoved);
    }

    /** Keeps a directory of the URLs for those who serve them. */
    public void publishTo(FunctionUrls directory) {
        urls.follow(directory::put);
    }

    /** By the names that the service model gives them. */
    public Map<String, OperationHandler> handlers() {
        return Map.of(
                "CreateFunctionUrlConfig", this::create,
                "GetFunctionUrlConfig", this::get,
                "UpdateFunctionUrlConfig", this::update,
                "DeleteFunctionUrlConfig", this::delete,
                "ListFunctionUrlConfigs", this::list);
    }

    private ObjectNode create(OperationInput input) {
        Checks checks = checked(input);
        Wanted wanted = Wanted.of(input, checks);
        checks.required(wanted.authType, "authType");
        FunctionTarget target = existing(FunctionTarget.of(input, checks));
        String key = keyOf(target);
        if (urls.has(key)) {
            throw ServiceFault.conflict("Failed to create function url config for [functionArn = " + target.arn()
                    + "]. Error message:  FunctionUrlConfig exists for this Lambda function");
        }
        long nowEpochMs = clock.time();
        FunctionUrl url = new FunctionUrl(
                ids.get(),
                target.name(),
                target.qualifier() == null ? VersionRecord.LATEST : target.qualifier(),
                Objects.requireNonNull(wanted.authType),
                wanted.cors,
                Objects.requireNonNullElse(wanted.invokeMode, FunctionUrl.BUFFERED),
                nowEpochMs,
                nowEpochMs);
        urls.put(key, url);
        return output(url, wanted.invokeMode);
    }

    private ObjectNode get(OperationInput input) {
        FunctionUrl url = found(targetOf(input));
        return modified(output(url, url.invokeMode()), url);
    }

    private ObjectNode update(OperationInput input) {
        Checks checks = checked(input);
        Wanted wanted = Wanted.of(input, checks);
        FunctionTarget target = existing(FunctionTarget.of(input, checks));
        FunctionUrl old = found(target);
        FunctionUrl url = new FunctionUrl(
                old.id(),
                old.function(),
                old.qualifier(),
                Objects.requireNonNullElse(wanted.authType, old.authType()),
                wanted.cors == null ? old.cors() : wanted.cors.isEmpty() ? null : wanted.cors,
                Objects.requireNonNullElse(wanted.invokeMode, old.invokeMode()),
                old.createdEpochMs(),
                clock.time());
        urls.put(keyOf(target), url);
        return modified(output(url, wanted.invokeMode), url);
    }

    private @Nullable ObjectNode delete(OperationInput input) {
        FunctionTarget target = targetOf(input);
        found(target);
        urls.remove(keyOf(target));
        return null;
    }

    private ObjectNode list(OperationInput input) {
        FunctionTarget target = FunctionTarget.of(input);
        if (!catalog.hasFunction(target.name())) {
            throw ServiceFault.notFound(NO_FUNCTION);
        }
        Paging<FunctionUrl> page = Paging.of(urls.of(target.name()), input, MAX_ITEMS);
        ObjectNode output = JSON.createObjectNode();
        ArrayNode configs = output.putArray("FunctionUrlConfigs");
        page.items().forEach(url -> configs.add(modified(output(url, url.invokeMode()), url)));
        if (page.nextMarker() != null) {
            output.put("NextMarker", page.nextMarker());
        }
        return output;
    }

    private ObjectNode output(FunctionUrl url, @Nullable String invokeMode) {
        ObjectNode output = JSON.createObjectNode();
        output.put("FunctionUrl", addresses.apply(url.id()));
        output.put("FunctionArn", arnOf(url));
        output.put("AuthType", url.authType());
        CorsJson.write(output, url.cors());
        output.put("CreationTime", TIME.format(Instant.ofEpochMilli(url.createdEpochMs())));
        if (invokeMode != null) {
            output.put("InvokeMode", invokeMode);
        }
        return output;
    }

    private static ObjectNode modified(ObjectNode output, FunctionUrl url) {
        return output.put("LastModifiedTime", TIME.format(Instant.ofEpochMilli(url.modifiedEpochMs())));
    }

    private static String arnOf(FunctionUrl url) {
        return Catalog.arn(url.function(), url.qualifier().equals(VersionRecord.LATEST) ? null : url.qualifier());
    }

    private static FunctionTarget targetOf(OperationInput input) {
        return FunctionTarget.of(input, checked(input));
    }

    private static Checks checked(OperationInput input) {
        Checks checks = new Checks();
        checks.pattern(input.query("Qualifier"), "qualifier", QUALIFIER);
        return checks;
    }

    private FunctionTarget existing(FunctionTarget target) {
        if (!catalog.has(target.name(), target.qualifier())) {
            throw ServiceFault.notFound(NO_FUNCTION);
        }
        return target;
    }

    private FunctionUrl found(FunctionTarget target) {
        FunctionUrl url = urls.get(keyOf(target));
        if (url == null) {
            throw ServiceFault.notFound(NO_RESOURCE);
        }
        return url;
    }

    private static String keyOf(FunctionTarget target) {
        return target.name() + ":" + (target.isLatest() ? VersionRecord.LATEST : target.qualifier());
    }

    private void onRemoved(String name, @Nullable String qualifier) {
        if (qualifier == null) {
            List.copyOf(urls.of(name).keySet()).forEach(urls::remove);
        } else {
            urls.remove(name + ":" + qualifier);
        }
    }

    /** What a create or update asks for. */
    private record Wanted(
            @Nullable String authType,
            @Nullable String invokeMode,
            @Nullable Cors cors) {
        private static Wanted of(OperationInput input, Checks checks) {
            Body body = new Body(input.body());
            Wanted wanted = new Wanted(body.string("AuthType"), body.string("InvokeMode"), CorsJson.read(body, checks));
            checks.oneOf(wanted.authType, "authType", AUTH_TYPES);
            checks.oneOf(wanted.invokeMode, "invokeMode", INVOKE_MODES);
            return wanted;
        }
    }
}
