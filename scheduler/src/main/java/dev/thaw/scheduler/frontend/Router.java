package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.RequestHead;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.functions.Lineage;
import dev.thaw.scheduler.functions.RegisteredFunction;
import dev.thaw.scheduler.live.Exchange;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides by its head what a request of one connection is for: a function's invocation, an operation of the management
 * API, a function URL, a page. On a server with keys nothing but the health page is answered without a signature.
 *
 * <p>Threading: its connection's event loop.
 */
final class Router {
    private static final String INVOKE = "lambda:InvokeFunction";

    private final LoopState loop;
    private final Answers answers;
    private final UrlRouter urls;
    private final @Nullable Gate gate;
    private String path = "";
    /** The latest request that is for a function brought a trace header. */
    private boolean traced;

    Router(LoopState loop, Answers answers, Channel channel) {
        this.loop = loop;
        this.answers = answers;
        gate = loop.ports.access().gate();
        urls = new UrlRouter(loop, this, answers, channel);
    }

    /** Of the latest request, without query. */
    String path() {
        return path;
    }

    /** Makes the answer ready for what the request wants; or the fault to answer with. */
    @Nullable
    Fault route(Answer answer, HttpRequest request) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        path = mark < 0 ? uri : uri.substring(0, mark);
        String query = mark < 0 ? null : uri.substring(mark + 1);
        if (urls.mayServe(path)) {
            UrlTarget target = UrlTarget.of(request.headers(), path);
            if (target != null) {
                return urls.route(answer, request, target, query);
            }
        }
        Fault closed = gate == null || isOpen(gate, request, query) ? null : knock(gate, answer, request, query);
        return closed == null ? routeApi(answer, request, query) : closed;
    }

    /** Answered without a signature: health to everybody, metrics to whoever has their token. */
    private boolean isOpen(Gate closed, HttpRequest request, @Nullable String query) {
        return path.equals(Pages.HEALTH)
                || (Pages.isMetrics(path) && closed.mayReadMetrics(head(request, path, query)));
    }

    /** What is known without the body: the answer's guard knows the rest. */
    private @Nullable Fault knock(Gate closed, Answer answer, HttpRequest request, @Nullable String query) {
        try {
            answer.guard = new Guard(closed.knock(head(request, path, query)));
            return null;
        } catch (ServiceFault refused) {
            return Fault.of(refused);
        }
    }

    static RequestHead head(HttpRequest request, String path, @Nullable String query) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        request.headers()
                .iteratorAsString()
                .forEachRemaining(header -> headers.add(Map.entry(header.getKey(), header.getValue())));
        return new RequestHead(request.method().name(), path, query == null ? "" : query, headers);
    }

    private @Nullable Fault routeApi(Answer answer, HttpRequest request, @Nullable String query) {
        boolean streamed = Target.isStreamInvoke(path);
        boolean async = !streamed && Target.isInvokeAsync(path);
        if (streamed || async || Target.isInvoke(path)) {
            if (!HttpMethod.POST.equals(request.method())) {
                return Fault.wrongMethod(request.method().name(), "POST");
            }
            String name = async ? Target.nameInAsync(path) : Target.nameIn(path, streamed);
            answer.event = async;
            return routeInvoke(answer, request, name, query, streamed);
        }
        if (!path.startsWith(Pages.PREFIX)) {
            return ManagementRequest.route(answer, request.method().name(), path, query == null ? "" : query);
        }
        if (answer.guard != null) {
            answer.guard.wantsPage(path);
        }
        if (path.equals(Pages.LIVE) && LiveAnswer.isWanted(request)) {
            answer.live = new LiveAnswer(answers, answer);
            answer.keepAlive = false; // only the connection's end can end it
        }
        return HttpMethod.GET.equals(request.method())
                ? null
                : Fault.wrongMethod(request.method().name(), "GET");
    }

    private @Nullable Fault routeInvoke(
            Answer answer, HttpRequest request, String name, @Nullable String query, boolean streamed) {
        InvocationRoute route = loop.target.find(name, query);
        if (answer.guard != null) {
            String arn = route == null ? loop.target.arn(name, query) : route.invokedFunctionArn();
            if (arn != null) {
                answer.guard.wants(INVOKE, arn);
            }
        }
        if (route == null) {
            return loop.target.explain(name, query);
        }
        String type = InvokeRequest.type(request.headers());
        answer.dryRun = InvokeRequest.isDryRun(type);
        answer.event |= !streamed && InvokeRequest.isEvent(type);
        Exchange exchange = begin(answer, request, route);
        if (traced
                && !answer.event
                && !answer.dryRun
                && isRecursive(exchange, route.primary().name())) {
            return Fault.recursive(route.primary().name());
        }
        if (streamed) {
            answer.streamed = new StreamedAnswer(answers, answer, new EventStreamForm(answers, answer));
            exchange.stream = answer.streamed.stream;
        }
        long bytes = HttpUtil.getContentLength(request, 0L);
        if (bytes > answer.mostPayloadBytes()) {
            return answer.tooLarge(bytes);
        }
        return InvokeRequest.read(request.headers(), exchange, name.equals(Target.EMULATED_NAME));
    }

    /** What a function invokes goes on with its chain; whoever sends no trace header begins one. */
    private boolean isRecursive(Exchange exchange, String function) {
        if (loop.ports.functions().loops().drops(function, exchange.traceId)) {
            return true;
        }
        exchange.traceId = Lineage.through(exchange.traceId, function);
        return false;
    }

    /** The exchange of a request that goes to this function. */
    Exchange begin(Answer answer, HttpRequest request, InvocationRoute route) {
        RegisteredFunction function = route.choose(loop.weights);
        Exchange exchange = loop.exchanges.take();
        answer.exchange = exchange;
        exchange.requestId = answer.requestId;
        exchange.invokedFunctionArn = route.invokedFunctionArn();
        exchange.executedVersion = function.version();
        exchange.sink = answer;
        String traceId = InvokeRequest.traceId(request.headers());
        traced = traceId != null;
        exchange.traceId = traceId == null ? loop.nextTraceId() : traceId;
        exchange.invocation.start(loop.nextInvocationId(), function.functionId(), exchange, answer.startNs);
        return exchange;
    }
}
