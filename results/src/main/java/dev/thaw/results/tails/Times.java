package dev.thaw.results.tails;

/**
 * Where the time of an invocation went, in ns: parts that do not overlap, but for {@code throttledNs}, which lies within
 * invoke and suppressed init. What no part has was spent outside the server.
 *
 * @param totalNs from the intended start to the end
 * @param latenessNs from the intended start until it was sent
 * @param coldNs create, init and restore
 * @param suppressedInitNs init repeated inside the invocation
 * @param queueNs wait for an environment
 * @param throttledNs wait for CPU quota
 * @param invokeNs the handler's
 * @param platformNs reading, thawing, responding
 */
public record Times(
        long totalNs,
        long latenessNs,
        long coldNs,
        long suppressedInitNs,
        long queueNs,
        long throttledNs,
        long invokeNs,
        long platformNs) {}
