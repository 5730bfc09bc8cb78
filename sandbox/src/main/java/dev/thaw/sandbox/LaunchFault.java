package dev.thaw.sandbox;

/**
 * Why nothing of a function could be started.
 *
 * @param errorType documented name, such as {@code Runtime.InvalidEntrypoint} (contract.md section 18)
 * @param reason for the function's owner, in one line
 */
public record LaunchFault(String errorType, String reason) {
    /** There is no {@code bootstrap} that can be executed. */
    public static final LaunchFault NO_BOOTSTRAP =
            entryPoint("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");

    public static LaunchFault entryPoint(String reason) {
        return new LaunchFault("Runtime.InvalidEntrypoint", reason);
    }

    public static LaunchFault workingDirectory(String reason) {
        return new LaunchFault("Runtime.InvalidWorkingDir", reason);
    }
}
