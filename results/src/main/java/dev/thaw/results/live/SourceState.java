package dev.thaw.results.live;

import org.jspecify.annotations.Nullable;

/**
 * An event source mapping of a server.
 *
 * @param source what it reads: a queue's ARN, or topic and brokers
 * @param functionArn whom it invokes
 * @param state as the management API has it
 * @param lastResult how its last batch ended, in words; null where it does not work
 */
public record SourceState(
        String source,
        String functionArn,
        String state,
        @Nullable String lastResult) {}
