package dev.thaw.sandbox.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Bubblewrap's arguments for one start of a sandbox. They travel in a memory file ({@code --args}), so that no host path
 * and no variable shows in the process list, and so that the function's variables (think of {@code LD_PRELOAD}) reach
 * the function only, never bubblewrap.
 */
public final class BubblewrapCommand {
    /** Who a function is inside, as on the real service. */
    public static final String USER_NAME = "sbx_user1051";

    public static final int USER_ID = 993;
    public static final int GROUP_ID = 990;

    /** Descriptors of the program at its start; 0 to 2 are the usual ones. */
    public static final int INFO_FD = 3;

    public static final int BLOCK_FD = 4;
    public static final int ARGUMENTS_FD = 5;
    public static final int SECCOMP_FD = 6;
    /** Left open for the command, where it is an init of ours. */
    public static final int CONTROL_FD = 7;

    /** The same: where the output of extensions goes. */
    public static final int EXTENSION_OUTPUT_FD = 8;

    private final List<String> words = new ArrayList<>();

    public BubblewrapCommand namespaces(boolean network, boolean filter) {
        add("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try");
        add("--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL");
        if (network) {
            add("--unshare-net");
        }
        if (filter) {
            add("--seccomp", Integer.toString(SECCOMP_FD));
        }
        return add("--info-fd", Integer.toString(INFO_FD), "--block-fd", Integer.toString(BLOCK_FD));
    }

    public BubblewrapCommand user(int userId, int groupId, String hostName) {
        return add("--uid", Integer.toString(userId), "--gid", Integer.toString(groupId), "--hostname", hostName);
    }

    public BubblewrapCommand readOnly(String source, String target) {
        return add("--ro-bind", source, target);
    }

    public BubblewrapCommand variables(Map<String, String> environment) {
        environment.forEach((name, value) -> add("--setenv", name, value));
        return this;
    }

    /** A word with a zero byte would be two, and the second one a command to bubblewrap. */
    public BubblewrapCommand add(String... more) {
        for (String word : more) {
            if (word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a path or variable of the sandbox has a zero character");
            }
            words.add(word);
        }
        return this;
    }

    /** The words, each ended by a zero byte. */
    public byte[] arguments() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String word : words) {
            bytes.writeBytes(word.getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    /** Reads from bubblewrap's {@link #INFO_FD} what its first child's process id is; -1 where it says none. */
    public static int readChildPid(int infoFd) {
        // To the closing brace: bubblewrap writes in pieces, and dies of a pipe that nobody reads.
        StringBuilder info = new StringBuilder();
        String text;
        do {
            text = Kernel.readText(infoFd);
            info.append(text);
        } while (!text.isEmpty() && !text.contains("}"));
        return childPid(info.toString());
    }

    /** Finds {@code "child-pid": n} in what bubblewrap says of itself; -1 where it said nothing. */
    static int childPid(String info) {
        int key = info.indexOf("\"child-pid\":");
        if (key < 0) {
            return -1;
        }
        int at = key + "\"child-pid\":".length();
        int pid = 0;
        while (at < info.length() && info.charAt(at) == ' ') {
            at++;
        }
        for (; at < info.length() && Character.isDigit(info.charAt(at)); at++) {
            pid = pid * 10 + info.charAt(at) - '0';
        }
        return pid == 0 ? -1 : pid;
    }
}
