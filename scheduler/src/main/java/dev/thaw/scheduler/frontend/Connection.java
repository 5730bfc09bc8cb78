package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Knock;
import dev.thaw.scheduler.core.Refusal;
import dev.thaw.scheduler.events.FunctionEvent;
import dev.thaw.scheduler.live.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: turns decoded requests into invocations and writes the answers in the order of the requests,
 * whatever the order they come in.
 *
 * <p>Threading: its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, which is seen there
final class Connection extends ChannelInboundHandlerAdapter {
    /** A refused body is read and dropped up to this, so that the connection survives. */
    static final long MAX_DRAINED_BYTES = 32L << 20;

    /** The event where the client sends no body. */
    private static final ByteBuf EMPTY_EVENT = Answers.constant("{}");

    private final LoopState loop;
    private final JsonScanner json = new JsonScanner();
    private final Channel channel;
    private final Answers answers;
    private final Router router;
    private final RequestDecoder decoder;
    private final SlowClients.Window headWindow = new SlowClients.Window(this::onSlowHead);
    private final SlowClients.Window bodyWindow = new SlowClients.Window(this::onSlowBody);
    /** The request whose body is being read. */
    private @Nullable Answer reading;

    /** No further request is taken. */
    private boolean finished;

    private Connection(LoopState loop, Channel channel, RequestDecoder decoder) {
        this.loop = loop;
        this.decoder = decoder;
        answers = new Answers(loop, channel);
        router = new Router(loop, answers, channel);
        this.channel = channel;
    }

    /** Has the channel's bytes decoded and served. */
    static void addTo(Channel channel, LoopState loop) {
        RequestDecoder decoder = new RequestDecoder();
        channel.pipeline().addLast(decoder, new Connection(loop, channel, decoder));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        answers.startRead();
        try {
            if (message instanceof HttpRequest request && !finished) {
                onHead(request);
            }
            if (message instanceof HttpContent content && reading != null) {
                onContent(reading, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        answers.endRead();
        if (reading != null) {
            watch(reading);
        } else if (decoder.isInHead() && !finished) {
            watchHead();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        answers.onWritability();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finished = true;
        Answer unfinished = reading;
        loop.slowClients.close(headWindow);
        endReading();
        if (unfinished != null) {
            answers.drop(unfinished);
        }
        answers.end();
    }

    /** A reset or broken connection: the client has gone. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void onHead(HttpRequest request) {
        loop.slowClients.close(headWindow);
        Answer answer = newAnswer();
        reading = answer;
        if (request.decoderResult().isFailure()) {
            onMalformed(answer, request.decoderResult().cause());
            return;
        }
        answer.keepAlive = HttpUtil.isKeepAlive(request);
        answer.http10 = HttpVersion.HTTP_1_0.equals(request.protocolVersion());
        json.reset();
        answer.fault = router.route(answer, request);
        if (HttpUtil.is100ContinueExpected(request)) {
            onExpectContinue(answer);
        } else if (HttpUtil.getContentLength(request, 0L) > mostBytes(answer)) {
            withhold(answer);
            answerUnread(answer);
        }
    }

    /** Of a body that is read to its end, taken or not. */
    private static long mostBytes(Answer answer) {
        return answer.management == null || answer.fault != null ? MAX_DRAINED_BYTES : ManagementRequest.MAX_BODY_BYTES;
    }

    /** The client waits for leave to send its body: it gets it, or the fault at once. */
    private void onExpectContinue(Answer answer) {
        if (answer.fault != null && answer.guard == null) {
            answerUnread(answer);
        } else {
            answer.expectsContinue = true;
            answers.writeReady();
        }
    }

    /** Who has not proven who it is does not get to know what routing has found. */
    private static void withhold(Answer answer) {
        if (answer.guard != null) {
            answer.fault = null;
        }
    }

    /** Answers before the body has been read; nothing more is taken from this connection. */
    private void answerUnread(Answer answer) {
        if (answer.fault == null) {
            answer.fault =
                    answer.management == null ? answer.tooLarge(answer.receivedBytes) : answer.management.tooLarge();
        }
        answer.dropPayload();
        answer.keepAlive = false;
        answer.unread = true;
        endReading();
        finished = true;
        answers.complete(answer);
    }

    private void endReading() {
        reading = null;
        loop.slowClients.close(bodyWindow);
    }

    private void watch(Answer answer) {
        loop.slowClients.onProgress(bodyWindow, answer.receivedBytes, channel.eventLoop());
    }

    /** A head has one window from its first byte on, however it goes on: it is 40 KiB at the most. */
    private void watchHead() {
        loop.slowClients.onProgress(headWindow, 0, channel.eventLoop());
    }

    /** Who is not being read gets another window, the others their answer. */
    private void onSlowHead() {
        if (answers.isReading()) {
            Answer answer = newAnswer();
            answer.fault = Fault.headTooSlow();
            answerUnread(answer);
        } else {
            watchHead();
        }
    }

    /** Who still waits for leave to send, or is not being read, gets another window; the others their answer. */
    private void onSlowBody() {
        Answer answer = reading;
        if (answer == null) {
            return;
        }
        if (answer.expectsContinue || !answers.isReading()) {
            watch(answer);
        } else {
            withhold(answer);
            answer.fault = answer.fault == null ? Fault.tooSlow(answer.receivedBytes) : answer.fault;
            answerUnread(answer);
        }
    }

    private void onMalformed(Answer answer, Throwable cause) {
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        answer.fault = Fault.malformed(status, String.valueOf(cause.getMessage()));
        answerUnread(answer);
    }

    private void onContent(Answer answer, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            onMalformed(answer, content.decoderResult().cause());
            return;
        }
        ByteBuf piece = content.content();
        if (piece.isReadable()) {
            onPiece(answer, piece, content instanceof LastHttpContent);
        }
        if (content instanceof LastHttpContent && reading == answer) {
            endReading();
            finished = !answer.keepAlive;
            onRequest(answer);
        }
    }

    private void onPiece(Answer answer, ByteBuf piece, boolean last) {
        answer.receivedBytes += piece.readableBytes();
        answer.expectsContinue = false;
        Exchange exchange = answer.exchange;
        if (answer.guard != null) {
            answer.guard.update(piece);
        }
        if (answer.fault != null || exchange == null) {
            onOtherPiece(answer, piece);
        } else if (answer.receivedBytes > answer.mostPayloadBytes()) {
            refuse(answer, answer.tooLarge(answer.receivedBytes));
        } else {
            if (answer.url == null) {
                json.scan(piece);
            }
            append(answer, exchange, piece, last);
        }
    }

    /** A piece of a body that no function gets. */
    private void onOtherPiece(Answer answer, ByteBuf piece) {
        ManagementRequest management = answer.management;
        if (answer.receivedBytes > mostBytes(answer)) {
            withhold(answer);
            answerUnread(answer);
        } else if (management != null
                && answer.fault == null
                && !management.append(piece, channel.alloc(), loop.bodyBudget)) {
            refuse(answer, Fault.bodyBudgetSpent(loop.bodyBudget.boundBytes()));
        }
    }

    /** The rest of the request is read and dropped. */
    private static void refuse(Answer answer, Fault fault) {
        answer.fault = fault;
        answer.dropPayload();
    }

    /** A body in one piece stays the slice that it is; one in more becomes a list of slices. */
    private void append(Answer answer, Exchange exchange, ByteBuf piece, boolean last) {
        if (exchange.payload == null) {
            exchange.payload = last ? piece.retain() : new RequestBody(channel.alloc(), loop.bodyBudget);
        }
        if (exchange.payload instanceof RequestBody body && !body.add(piece)) {
            refuse(answer, Fault.bodyBudgetSpent(loop.bodyBudget.boundBytes()));
        }
    }

    private void onRequest(Answer answer) {
        Exchange exchange = answer.exchange;
        Fault closed = answer.guard == null ? null : answer.guard.check();
        if (closed != null) {
            refuse(answer, closed);
        }
        if (answer.fault != null) {
            answers.complete(answer);
        } else if (exchange == null) {
            serveOther(answer);
        } else {
            onInvoke(answer, exchange);
        }
    }

    private void serveOther(Answer answer) {
        if (answer.url != null) {
            answers.complete(answer);
        } else if (answer.management == null) {
            Pages.serve(router.path(), answer, loop.ports);
        } else {
            answer.management.serve(answer, loop.ports.management());
        }
    }

    private void onInvoke(Answer answer, Exchange exchange) {
        ByteBuf payload = exchange.payload;
        if (answer.url != null) {
            wordEvent(answer, exchange, answer.url);
        } else if (payload == null) {
            exchange.payload = EMPTY_EVENT.retainedDuplicate();
        } else if (!json.isWhole()) {
            refuse(answer, Fault.invalidContent(problemOf(payload)));
        }
        if (answer.fault != null || answer.dryRun) {
            answers.complete(answer);
        } else if (answer.event) {
            accept(answer, exchange);
        } else if (!loop.ports.inbox().test(exchange.invocation)) {
            refuse(answer, Fault.refused(Refusal.INBOX_FULL));
            answers.complete(answer);
        }
        answers.updateAutoRead();
    }

    /** What came by a URL becomes an event; its body is let go. */
    private void wordEvent(Answer answer, Exchange exchange, UrlCall call) {
        ByteBuf body = exchange.payload;
        byte[] bytes = body == null ? new byte[0] : ByteBufUtil.getBytes(body);
        answer.dropPayload();
        Knock sender = answer.guard == null ? null : answer.guard.knock;
        byte[] event = UrlEvent.of(
                call, exchange, bytes, sender, loop.ports.epochClock().time());
        if (event.length > InvokeRequest.MAX_PAYLOAD_BYTES) {
            refuse(answer, Fault.tooLarge());
        } else {
            exchange.payload = Unpooled.wrappedBuffer(event);
        }
    }

    /** The event's bytes are copied: they may wait for long, and the buffer that they came in holds more. */
    private void accept(Answer answer, Exchange exchange) {
        byte[] payload = ByteBufUtil.getBytes(Objects.requireNonNull(exchange.payload));
        answer.dropPayload();
        loop.ports
                .events()
                .accept(
                        new FunctionEvent(
                                exchange.requestId,
                                exchange.invokedFunctionArn,
                                exchange.traceId,
                                exchange.clientContext,
                                payload),
                        answer);
    }

    private static String problemOf(ByteBuf payload) {
        String problem = JsonFault.describe(payload);
        return "Could not parse request body into json: Could not parse payload into json: "
                + (problem == null ? "not one JSON document" : problem);
    }

    private Answer newAnswer() {
        Answer answer = answers.next();
        answer.startNs = loop.ports.nanoClock().nanoTime();
        answer.requestId = loop.ids.nextRequestId();
        return answer;
    }
}
