package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.RequestHead;
import dev.thaw.scheduler.control.ServiceFault;
import dev.thaw.scheduler.control.policy.PolicyStatement;
import dev.thaw.scheduler.control.url.FunctionUrl;
import dev.thaw.scheduler.control.url.FunctionUrls;
import dev.thaw.scheduler.functions.FunctionReference;
import dev.thaw.scheduler.functions.FunctionRegistry;
import dev.thaw.scheduler.functions.InvocationRoute;
import dev.thaw.scheduler.functions.RegisteredFunction;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a request to a function URL (contract.md section 1.13). A URL of type {@code AWS_IAM} wants a
 * signature on any server. One without keys looks at the form of it alone, as it does not know anybody; one with keys
 * wants it to be true and a policy to allow it, and wants a policy that lets everybody call a URL of type {@code NONE}.
 *
 * <p>Threading: its connection's event loop.
 */
final class UrlRouter {
    private static final String ACTION = "lambda:InvokeFunctionUrl";
    private static final String AUTH_TYPE = PolicyStatement.URL_AUTH_TYPE.toLowerCase(Locale.ROOT);

    private final LoopState loop;
    private final Router router;
    private final Answers answers;
    private final Channel channel;
    private final FunctionUrls urls;
    private final @Nullable Gate gate;

    UrlRouter(LoopState loop, Router router, Answers answers, Channel channel) {
        this.loop = loop;
        this.router = router;
        this.answers = answers;
        this.channel = channel;
        urls = loop.ports.access().urls();
        gate = loop.ports.access().gate();
    }

    /** False where no request needs a closer look. */
    boolean mayServe(String path) {
        return !urls.isUnused() || path.startsWith(UrlTarget.PATH_PREFIX);
    }

    /** Makes the answer ready; or the fault to answer with. */
    @Nullable
    Fault route(Answer answer, HttpRequest request, UrlTarget target, @Nullable String query) {
        FunctionUrl url = urls.byId(target.id());
        if (url == null) {
            return Fault.noSuchUrl();
        }
        UrlCall call = UrlCall.of(url, target, request, query, sourceIp());
        answer.url = call;
        if (call.isPreflight()) {
            return null;
        }
        boolean latest = url.qualifier().equals(RegisteredFunction.LATEST);
        FunctionReference reference = FunctionReference.of(url.function(), latest ? null : url.qualifier());
        String arn = FunctionRegistry.arnOf(url.function()) + (latest ? "" : ":" + url.qualifier());
        Fault closed = open(answer, url, arn, Router.head(request, router.path(), query));
        if (closed != null) {
            return closed;
        }
        InvocationRoute route = loop.ports.functions().resolve(reference);
        if (route == null) {
            return Fault.functionNotFound(reference.qualifiedArn());
        }
        begin(answer, request, call, route);
        return HttpUtil.getContentLength(request, 0L) > answer.mostPayloadBytes() ? Fault.tooLarge() : null;
    }

    private void begin(Answer answer, HttpRequest request, UrlCall call, InvocationRoute route) {
        var exchange = router.begin(answer, request, route);
        if (call.isStreamed()) {
            answer.streamed = new StreamedAnswer(answers, answer, new UrlStreamForm(answers, answer, call));
            exchange.stream = answer.streamed.stream;
        }
    }

    private @Nullable Fault open(Answer answer, FunctionUrl url, String arn, RequestHead head) {
        Map<String, String> context = Map.of(AUTH_TYPE, url.authType());
        if (url.authType().equals(FunctionUrl.NONE)) {
            return gate == null || gate.isPublic(ACTION, arn, context) ? null : Fault.forbidden();
        }
        if (!Gate.isSigned(head)) {
            return Fault.forbidden();
        }
        try {
            if (gate == null) {
                Gate.inspect(head, loop.ports.epochClock());
            } else {
                Guard guard = new Guard(gate.knock(head));
                guard.wantsUrl(ACTION, arn, context);
                answer.guard = guard;
            }
            return null;
        } catch (ServiceFault refused) {
            return Fault.of(refused);
        }
    }

    private String sourceIp() {
        return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "";
    }
}
