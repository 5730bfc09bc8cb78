package dev.thaw.results.live;

/**
 * What a server has counted since it started.
 *
 * @param invocations that ran, as metrics count them
 * @param errors of these, those without a good response
 * @param throttles requests that a limit refused
 * @param refusals requests refused for another reason: no room in time, shutting down
 * @param created environments that were started
 */
public record ServerTotals(long invocations, long errors, long throttles, long refusals, long created) {
    ServerTotals minus(ServerTotals earlier) {
        return new ServerTotals(
                invocations - earlier.invocations,
                errors - earlier.errors,
                throttles - earlier.throttles,
                refusals - earlier.refusals,
                created - earlier.created);
    }
}
