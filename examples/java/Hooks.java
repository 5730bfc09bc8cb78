import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Tells what it has been through: its init, its snapshot, and what it was restored with. */
public final class Hooks implements RequestHandler<Map<String, Object>, Map<String, Object>>, Resource {
    private static int inits;

    /** Seeded once, in the init: what it gives must differ from environment to environment all the same. */
    private final SecureRandom random = new SecureRandom();

    private final String kept = draw();
    private String fresh = "";
    private int checkpoints;
    private int restores;
    private long checkpointMs;
    private long restoreMs;

    public Hooks() {
        inits++;
        Core.getGlobalContext().register(this);
    }

    private String draw() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void beforeCheckpoint(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {
        checkpoints++;
        checkpointMs = Instant.now().toEpochMilli();
        System.out.println("before checkpoint");
    }

    @Override
    public void afterRestore(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {
        restores++;
        restoreMs = Instant.now().toEpochMilli();
        fresh = draw();
        System.out.println("after restore");
    }

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        if (event.get("sleepMs") instanceof Number ms) {
            LockSupport.parkNanos(ms.longValue() * 1_000_000);
        }
        Map<String, Object> told = new TreeMap<>();
        told.put("inits", inits);
        told.put("checkpoints", checkpoints);
        told.put("restores", restores);
        told.put("checkpointMs", checkpointMs);
        told.put("restoreMs", restoreMs);
        told.put("kept", kept);
        told.put("fresh", fresh);
        told.put("type", System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE"));
        return told;
    }
}
