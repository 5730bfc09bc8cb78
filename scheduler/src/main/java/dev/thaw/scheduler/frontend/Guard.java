package dev.thaw.scheduler.frontend;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.Knock;
import dev.thaw.scheduler.auth.ManagedAction;
import dev.thaw.scheduler.control.OperationInput;
import dev.thaw.scheduler.control.ServiceFault;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands before what a signed request asks for, on a server with keys. What routing has found is told to nobody before
 * {@link #check} has passed.
 *
 * <p>Threading: its connection's event loop until {@link #check}; {@link #permit} then on the control plane's thread.
 */
final class Guard {
    final Knock knock;
    private @Nullable Wanted wanted;

    /** What is asked for; a URL does not tell why it is closed. */
    private record Wanted(String action, String resource, Map<String, String> context, boolean silent) {}

    Guard(Knock knock) {
        this.knock = knock;
    }

    /** The request is for this; where nothing is said, a signature is enough to be answered. */
    void wants(String action, String resource) {
        wanted = new Wanted(action, resource, Map.of(), false);
    }

    /**
     * The request is for a page. Packages are no page like others: nobody may ask for one but by the location that was
     * given to somebody who may read its function or layer.
     */
    void wantsPage(String path) {
        if (path.startsWith(Pages.CODE)) {
            wanted = new Wanted(Gate.READ_PACKAGE, "*", Map.of(), false);
        } else {
            wants("thaw:ReadPages", "*");
        }
    }

    /** The request is for a function by its URL. */
    void wantsUrl(String action, String resource, Map<String, String> context) {
        wanted = new Wanted(action, resource, context, true);
    }

    /** The next piece of the body, taken or not. */
    void update(ByteBuf piece) {
        for (ByteBuffer part : piece.nioBuffers()) {
            knock.update(part);
        }
    }

    /** The request is whole: null where it may go on. */
    @Nullable
    Fault check() {
        ServiceFault unproven = knock.prove();
        if (unproven != null) {
            return Fault.of(unproven);
        }
        Wanted asked = wanted;
        ServiceFault denied = asked == null ? null : knock.permit(asked.action, asked.resource, asked.context);
        if (denied == null || asked == null) {
            return null;
        }
        return asked.silent ? Fault.forbidden() : Fault.of(denied);
    }

    /** Throws where the sender may not have this operation done. */
    void permit(String operation, OperationInput input) {
        for (ManagedAction action : ManagedAction.of(operation, input)) {
            ServiceFault denied = knock.permit(action.action(), action.resource(), Map.of());
            if (denied != null) {
                throw denied;
            }
        }
    }
}
