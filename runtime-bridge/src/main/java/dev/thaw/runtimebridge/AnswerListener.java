package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;
import dev.thaw.scheduler.core.Outcome;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Listens to a session in which every way to answer is one: a body, a failure or both, and what they come to. */
interface AnswerListener extends SessionListener {
    /** The runtime answered its invocation; {@code body} belongs to the listener. */
    void onAnswered(@Nullable ByteBuf body, @Nullable RuntimeFailure why, Outcome outcome);

    @Override
    @HotPath
    default void onResponse(ByteBuf body) {
        onAnswered(body, null, Outcome.RESPONSE);
    }

    @Override
    default void onResponseTooLarge() {
        onAnswered(null, RuntimeFailure.RESPONSE_TOO_LARGE, Outcome.FUNCTION_ERROR);
    }

    @Override
    default void onError(String errorType, ByteBuf body) {
        onAnswered(body, RuntimeFailure.reported(errorType), Outcome.FUNCTION_ERROR);
    }

    /** A stream that its runtime ended, well or with an error of its own, is a response either way. */
    @Override
    default void onStreamed(@Nullable String errorType, @Nullable ByteBuf body) {
        onAnswered(body, errorType == null ? null : RuntimeFailure.reported(errorType), Outcome.RESPONSE);
    }

    @Override
    default void onStreamFailed(RuntimeFailure why) {
        onAnswered(null, why, Outcome.FUNCTION_ERROR);
    }
}
