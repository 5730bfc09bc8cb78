package dev.thaw.scheduler.control;

import dev.thaw.scheduler.control.code.StoredCode;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Code that was checked and is held for one operation.
 *
 * @param held of a zip; null of an image
 */
record PreparedCode(FunctionCode code, @Nullable StoredCode held) {
    static PreparedCode of(StoredCode stored) {
        return new PreparedCode(
                new FunctionCode(stored.sha256(), stored.sizeBytes(), stored.unzippedBytes(), ""), stored);
    }

    static PreparedCode of(FunctionCode image) {
        return new PreparedCode(image, null);
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
                StoredCode stored = held;
                if (stored != null) {
                    source.store().release(stored);
                    // Where the operation was refused nobody needs it.
                    rollout.deleteUnusedLater(stored.sha256());
                }
            }
        };
    }
}
