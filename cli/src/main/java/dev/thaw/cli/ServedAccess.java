package dev.thaw.cli;

import dev.thaw.scheduler.auth.Gate;
import dev.thaw.scheduler.auth.KeyFileException;
import dev.thaw.scheduler.control.policy.PolicyBook;
import dev.thaw.scheduler.control.url.FunctionUrls;
import dev.thaw.scheduler.events.source.TriggerPermit;
import dev.thaw.scheduler.frontend.Access;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;

/**
 * Who a server lets in, and by which URLs; the control plane keeps both up to date.
 *
 * @param policies what decisions are made by
 */
record ServedAccess(Access access, PolicyBook policies) {
    /** Everybody where there is no file, else the holders of its keys. */
    static ServedAccess of(@Nullable Path keyFile) {
        PolicyBook policies = new PolicyBook();
        try {
            Gate gate = keyFile == null ? null : Gate.of(keyFile, policies, SystemEpochClock.INSTANCE);
            return new ServedAccess(new Access(gate, new FunctionUrls()), policies);
        } catch (KeyFileException unusable) {
            throw new WrongUse("--auth: " + unusable.getMessage());
        }
    }

    /** On a server with keys, what services may do is decided by policies. */
    TriggerPermit permit() {
        Gate gate = access.gate();
        return gate == null
                ? TriggerPermit.ANY
                : (service, source, function) -> gate.allowsService(service, "lambda:InvokeFunction", function, source);
    }

    /** Refuses to let everybody of a network do everything, unless that is what is wanted. */
    void checkBinding(String host, boolean insisted) {
        if (access.gate() == null && !insisted && !isLoopback(host)) {
            throw new WrongUse("--host: " + host + " is not a loopback address: give --auth FILE, or"
                    + " --bind-without-auth to let everybody who reaches it do everything");
        }
    }

    /** A name that leads nowhere is refused where it is bound. */
    private static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
