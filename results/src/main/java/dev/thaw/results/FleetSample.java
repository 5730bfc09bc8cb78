package dev.thaw.results;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Environments of a server at one instant, and its counters since it started. Served as JSON by
 * {@code GET /_thaw/fleet}, sampled once a second during a run.
 *
 * @param atNs when, on the clock of whoever keeps the sample
 * @param starting environments being created or in init
 * @param busy environments at work
 * @param idle environments ready and not frozen
 * @param frozen environments frozen
 * @param resetting environments whose runtime was stopped and has not started again
 * @param waiting invocations waiting for an environment
 * @param created environments created so far
 * @param expired environments destroyed by keep-alive so far
 * @param evicted environments destroyed for room so far
 * @param failed environments lost so far
 * @param refused invocations refused so far
 */
public record FleetSample(
        long atNs,
        int starting,
        int busy,
        int idle,
        int frozen,
        int resetting,
        int waiting,
        long created,
        long expired,
        long evicted,
        long failed,
        long refused) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** One object, keys as the fields here. */
    public String toJson() {
        return JSON.writeValueAsString(this);
    }

    /** Reads {@link #toJson()}; keys that it does not know are skipped. Fails with one line where a field is missing. */
    public static FleetSample fromJson(String json) {
        try {
            return JSON.readValue(json, FleetSample.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("fleet sample: " + e.getOriginalMessage(), e);
        }
    }

    /** The same figures at another instant: the reader of a sample stamps it with its own clock. */
    public FleetSample at(long otherAtNs) {
        return new FleetSample(
                otherAtNs, starting, busy, idle, frozen, resetting, waiting, created, expired, evicted, failed,
                refused);
    }
}
