package dev.thaw.scheduler.virtual;

import dev.thaw.scheduler.core.HotPath;

/**
 * How often what goes wrong; each a probability. What takes too long needs no fault: the scheduler's own limits end it.
 *
 * @param create the sandbox cannot be made
 * @param init an init ends with an error, after its whole time
 * @param exit the runtime ends in the place of an answer
 * @param error the function answers with an error
 */
public record FaultModel(double create, double init, double exit, double error) {
    public static final FaultModel NONE = new FaultModel(0, 0, 0, 0);

    public FaultModel {
        requireProbability("create", create);
        requireProbability("init", init);
        requireProbability("exit", exit);
        requireProbability("error", error);
        requireProbability("exit + error", exit + error);
    }

    /** An invocation that has begun ends with a response. */
    @HotPath
    boolean spareInvocations() {
        return exit + error == 0;
    }

    /** How such an invocation ends, by 64 random bits. */
    @HotPath
    Stage end(long bits) {
        double drawn = Draws.unit(bits);
        if (drawn < exit) {
            return Stage.EXIT;
        }
        return drawn < exit + error ? Stage.ERROR : Stage.RESPONSE;
    }

    private static void requireProbability(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("probability of fault " + key + " is " + value + ", must be 0..1");
        }
    }
}
