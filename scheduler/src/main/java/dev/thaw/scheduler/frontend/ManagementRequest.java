package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.control.Operation;
import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.Operations;
import dev.thaw.scheduler.control.Route;
import dev.thaw.scheduler.control.ServiceFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One request of the management API: its operation, and its body as it arrives, within the budget of all bodies. The
 * body is parsed where the operation runs, and let go as soon as it has been.
 *
 * <p>Threading: its connection's event loop until {@link #serve}, then the control plane's thread until the answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // both ends of the call's future answer the client
final class ManagementRequest implements Supplier<OperationInput> {
    /** The real service's bound, which its refusal names (golden: the oversized request). */
    static final int MAX_BODY_BYTES = 70_167_211;

    private final Operation operation;
    private final Map<String, String> labels;
    private final Map<String, List<String>> query;
    private final String requestId;
    private final @Nullable Guard guard;
    private @Nullable RequestBody body;

    ManagementRequest(
            Operation operation,
            Map<String, String> labels,
            Map<String, List<String>> query,
            String requestId,
            @Nullable Guard guard) {
        this.guard = guard;
        this.operation = operation;
        this.labels = labels;
        this.query = query;
        this.requestId = requestId;
    }

    /** Gives the answer its request, or returns the fault: no operation is asked for. */
    static @Nullable Fault route(Answer answer, String method, String path, String query) {
        Map<String, List<String>> parameters;
        try {
            parameters = QueryParameters.of(query);
        } catch (IllegalArgumentException e) {
            return Fault.invalidParameter("query: " + e.getMessage());
        }
        return switch (Operations.find(method, path, parameters)) {
            case Route.Found found -> {
                answer.management = new ManagementRequest(
                        found.operation(), found.labels(), parameters, answer.requestId, answer.guard);
                yield null;
            }
            case Route.WrongMethod wrong -> Fault.wrongMethod(method, wrong.allowed());
            case Route.UnknownPath unknown -> Fault.unknownPath(path);
        };
    }

    Fault tooLarge() {
        return Fault.of(new ServiceFault(
                413,
                "RequestEntityTooLargeException",
                "Request must be smaller than " + MAX_BODY_BYTES + " bytes for the " + operation.name()
                        + " operation"));
    }

    /** Takes the next piece, which the caller keeps its own hold of. False where the budget has no room for it. */
    boolean append(ByteBuf piece, ByteBufAllocator alloc, BodyBudget budget) {
        RequestBody target = body == null ? new RequestBody(alloc, budget) : body;
        body = target;
        return target.add(piece);
    }

    /** Calls the operation, which completes the answer. */
    void serve(Answer answer, Management management) {
        management.call(operation.name(), this).whenComplete((output, problem) -> onOutcome(answer, output, problem));
    }

    private void onOutcome(Answer answer, @Nullable JsonNode output, @Nullable Throwable problem) {
        release();
        if (problem == null) {
            answer.pageStatus = operation.status();
            answer.page = output == null ? "" : output.toString();
        } else {
            answer.fault = Fault.of(faultOf(problem));
        }
        answer.moveToLoop();
    }

    private static ServiceFault faultOf(Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        return cause instanceof ServiceFault fault ? fault : ServiceFault.internal();
    }

    /** Parses the body and lets it go; throws where its sender may not ask for this. */
    @Override
    public OperationInput get() {
        OperationInput input = parse();
        if (guard != null) {
            guard.permit(operation.name(), input);
        }
        return input;
    }

    private OperationInput parse() {
        RequestBody parsed = body;
        try {
            return new OperationInput(
                    requestId,
                    labels,
                    query,
                    parsed == null ? RequestJson.empty() : RequestJson.parse(new ByteBufInputStream(parsed)));
        } finally {
            release();
        }
    }

    /** Nobody reads the body any more. May be called again. */
    void release() {
        ReferenceCountUtil.release(body);
        body = null;
    }
}
