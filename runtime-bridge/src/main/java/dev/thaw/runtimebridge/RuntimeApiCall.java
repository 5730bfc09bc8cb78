package dev.thaw.runtimebridge;

import dev.thaw.scheduler.core.HotPath;

/** A call of the Runtime API 2018-06-01, or of an API beside it on the same port (contract.md sections 3, 4, 18). */
public enum RuntimeApiCall {
    /** {@code GET /runtime/invocation/next}. */
    NEXT,
    /** {@code POST /runtime/invocation/{id}/response}. */
    RESPONSE,
    /** {@code POST /runtime/invocation/{id}/error}. */
    ERROR,
    /** {@code POST /runtime/init/error}. */
    INIT_ERROR,
    /** {@code GET /runtime/restore/next}. */
    RESTORE_NEXT,
    /** {@code POST /runtime/restore/error}. */
    RESTORE_ERROR,
    /** {@code POST /2020-01-01/extension/register}. */
    EXTENSION_REGISTER,
    /** {@code GET /2020-01-01/extension/event/next}. */
    EXTENSION_NEXT,
    /** {@code POST /2020-01-01/extension/init/error}. */
    EXTENSION_INIT_ERROR,
    /** {@code POST /2020-01-01/extension/exit/error}. */
    EXTENSION_EXIT_ERROR,
    /** {@code PUT /2022-07-01/telemetry}. */
    TELEMETRY_SUBSCRIBE,
    /** {@code PUT /2020-08-15/logs}. */
    LOGS_SUBSCRIBE,
    /** {@code GET /ping}. */
    PING,
    /** A known path, another method. */
    WRONG_METHOD,
    /** Anything else. */
    UNKNOWN;

    /** Answered by {@link Extensions}, not by the runtime's session. */
    @HotPath
    boolean isOfExtension() {
        return switch (this) {
            case EXTENSION_REGISTER,
                    EXTENSION_NEXT,
                    EXTENSION_INIT_ERROR,
                    EXTENSION_EXIT_ERROR,
                    TELEMETRY_SUBSCRIBE,
                    LOGS_SUBSCRIBE -> true;
            case NEXT, RESPONSE, ERROR, INIT_ERROR, RESTORE_NEXT, RESTORE_ERROR, PING, WRONG_METHOD, UNKNOWN -> false;
        };
    }
}
