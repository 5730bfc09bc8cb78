package dev.thaw.runtimebridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session whose story is written down. */
final class RecordedSession implements SessionListener, Extensions.Listener {
    final List<String> story = new ArrayList<>();
    final RuntimeSession session = new RuntimeSession(this, SnapStart.NONE);
    final Extensions extensions;

    RecordedSession(String... externalExtensions) {
        this((_, _, _) -> null, externalExtensions);
    }

    RecordedSession(Extensions.Telemetry telemetry, String... externalExtensions) {
        DeployedFunction function = Functions.of("f", Path.of("/"), 3, Map.of());
        extensions = new Extensions(this, telemetry, function, List.of(externalExtensions));
        if (externalExtensions.length == 0) {
            session.onConnected(); // as its server tells it, beside nobody else
            story.clear();
        }
    }

    EmbeddedChannel connect() {
        return new EmbeddedChannel(new RuntimeApiConnection(session, extensions));
    }

    /** Whatever is allocated for it comes from {@code buffers}. */
    EmbeddedChannel connect(ByteBufAllocator buffers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(buffers);
        channel.pipeline().addLast(new RuntimeApiConnection(session, extensions));
        return channel;
    }

    static RuntimeApiEvent event(String requestId, String payload) {
        RuntimeApiEvent event = new RuntimeApiEvent();
        event.requestId = requestId;
        event.deadlineEpochMs = 1542409706888L;
        event.invokedFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        event.traceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        event.payload = Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8);
        return event;
    }

    @Override
    public void onConnected() {
        story.add("connected");
    }

    @Override
    public void onReady() {
        story.add("ready");
    }

    /** How an answer is cut is not part of the story. */
    @Override
    public void onAnswerBegun() {}

    @Override
    public void onResponse(ByteBuf body) {
        story.add("response " + text(body));
    }

    @Override
    public void onResponseTooLarge() {
        story.add("too large");
    }

    @Override
    public void onStreamed(@Nullable String errorType, @Nullable ByteBuf body) {
        story.add("streamed" + (errorType == null ? "" : " " + errorType) + (body == null ? "" : " " + text(body)));
    }

    @Override
    public void onStreamFailed(RuntimeFailure why) {
        story.add("stream failed: " + why.type());
    }

    @Override
    public void onError(String errorType, ByteBuf body) {
        story.add("error " + errorType + " " + text(body));
    }

    @Override
    public void onInitError(String errorType, ByteBuf body) {
        story.add("init error " + errorType + " " + text(body));
    }

    @Override
    public void onExtensionsRegistered() {
        story.add("extensions registered");
    }

    @Override
    public void onExtensionsReady() {
        story.add("extensions ready");
    }

    @Override
    public void onExtensionFailed(String name, List<String> events, RuntimeFailure why) {
        story.add("extension failed " + why.type() + " " + why.text());
    }

    private static String text(ByteBuf body) {
        String text =
                body.readableBytes() > 100 ? body.readableBytes() + " bytes" : body.toString(StandardCharsets.UTF_8);
        body.release();
        return text;
    }
}
