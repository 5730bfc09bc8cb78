package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.StoredCode;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Code that was checked and is held for one operation.
 *
 */
record PreparedCode(FunctionCode code, StoredCode held) {
    static PreparedCode of(StoredCode stored) {
        return new PreparedCode(
                new FunctionCode(stored.sha256(), stored.sizeBytes(), stored.unzippedBytes(), ""), stored);
    }

    static PreparedCode of(FunctionCode image, StoredCode stored) {
        return new PreparedCode(image, stored);
    }

    /** What an operation does with it. */
    LongOperation.Step step(Function<FunctionCode, JsonNode> work, PackageSource source, Rollout rollout) {
        return new LongOperation.Step() {
            @Override
            public JsonNode run() {
                return work.apply(code);
            }

            @Override
            public void release() {
                source.store().release(held);
                // Where the operation was refused nobody needs it.
                rollout.deleteUnusedLater(held.sha256());
            }
        };
    }
}
