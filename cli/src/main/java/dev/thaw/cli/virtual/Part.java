package dev.thaw.cli.virtual;

import java.util.Arrays;

/** What a model has a duration of. The keys are those of a run's phases, where there is one. */
public enum Part {
    CREATE("create"),
    /** With the start of extensions. */
    INIT_RUNTIME("initRuntime"),
    INIT_FUNCTION("initFunction"),
    RESTORE("restore"),
    THAW("thaw"),
    RESET("reset"),
    DESTROY("destroy"),
    /** The handler, from the event's handing over to its answer. */
    INVOKE("invoke"),
    /** What of this was not the work that a trace asked for. */
    OVERHEAD("overhead"),
    /** Front end, network and client: what no environment is busy with. */
    OUTSIDE("outside"),
    /** Extensions after an answer. */
    OVERHANG("overhang");

    private final String key;

    Part(String key) {
        this.key = key;
    }

    public String key() {
        return key;
    }

    static void requireKnown(String key) {
        if (Arrays.stream(values()).noneMatch(part -> part.key.equals(key))) {
            throw new IllegalArgumentException("table '" + key + "' is none of a model, must be one of "
                    + String.join(", ", Arrays.stream(values()).map(Part::key).toList()));
        }
    }
}
