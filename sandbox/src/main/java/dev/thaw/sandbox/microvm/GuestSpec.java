package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.microvm.images.GuestMount;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What a guest is to be, told to its init when it is known whose it is: possibly long after it has booted.
 *
 * @param userId who the function is; not root
 * @param groupId the same
 * @param memoryBytes what all that the function runs may hold, {@code /tmp} included
 * @param processes how many processes and threads it may have
 * @param tmpBytes size of {@code /tmp}
 * @param hostName what the machine calls itself
 * @param directory where the runtime starts; extensions start in {@code /}
 * @param environment variables of the runtime, complete
 * @param hiddenVariables names of those that extensions do not get
 * @param extensions command lines of external extensions, at most 63, in the order of their index
 * @param runtime its command line; its index follows the last extension's
 * @param mounts in order
 * @param filter seccomp program of all that the function runs, for the guest's architecture; empty for none
 */
record GuestSpec(
        int userId,
        int groupId,
        long memoryBytes,
        int processes,
        long tmpBytes,
        String hostName,
        String directory,
        Map<String, String> environment,
        List<String> hiddenVariables,
        List<List<String>> extensions,
        List<String> runtime,
        List<GuestMount> mounts,
        ByteBuffer filter) {
    /** Of one function; init has room for no more. */
    static final int EXTENSIONS_MAX = 63;

    GuestSpec {
        environment = Map.copyOf(environment);
        hiddenVariables = List.copyOf(hiddenVariables);
        extensions = List.copyOf(extensions);
        runtime = List.copyOf(runtime);
        mounts = List.copyOf(mounts);
        filter = filter.asReadOnlyBuffer();
        if (extensions.size() > EXTENSIONS_MAX) {
            throw new IllegalArgumentException(
                    extensions.size() + " external extensions, a microVM takes at most " + EXTENSIONS_MAX);
        }
    }

    /** Index of the runtime among the processes. */
    int runtimeIndex() {
        return extensions.size();
    }
}
