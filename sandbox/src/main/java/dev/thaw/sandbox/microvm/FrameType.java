package dev.thaw.sandbox.microvm;

import org.jspecify.annotations.Nullable;

/**
 * Kinds of frames between the host and a guest's init ({@code src/main/c/guest/frames.h} has the same numbers).
 *
 * <p>A frame is, little-endian: u32 payload length, u16 stream, u8 type, u8 zero; then the payload, at most 64 KiB.
 * Streams are numbered 0 to 127: 1 is the runtime's output, 2 that of external extensions, 3 to 95 are connections that
 * the guest accepted at its Runtime API, 96 to 127 those that the host asked for. In frames that are not about a stream
 * the number is 0, but for SPEC, where it says which field follows ({@link SpecField}).
 *
 * <p>Of each stream a side sends at most a window (64 KiB) more than the other has said it took. A number is free again
 * once both sides have sent CLOSE or BREAK for it. The outputs are open from PREPARED, or RESET_DONE, on.
 *
 * <table><caption>Frames</caption>
 * <tr><td>DATA</td><td>both</td><td>bytes of a stream</td></tr>
 * <tr><td>WINDOW</td><td>both</td><td>u32: so many more bytes of the stream were taken</td></tr>
 * <tr><td>CLOSE</td><td>both</td><td>no more bytes come from here on the stream, as after {@code shutdown}</td></tr>
 * <tr><td>BREAK</td><td>both</td><td>CLOSE, and none are taken any more; those sent before it still count</td></tr>
 * <tr><td>HELLO</td><td>to guest</td><td>u64 wall clock in ns, 32 bytes of entropy</td></tr>
 * <tr><td>SPEC</td><td>to guest</td><td>one field of what the guest is to be</td></tr>
 * <tr><td>PREPARE</td><td>to guest</td><td>that was all: mount, limit, listen</td></tr>
 * <tr><td>START</td><td>to guest</td><td>start the extensions, or the runtime where there are none</td></tr>
 * <tr><td>START_RUNTIME</td><td>to guest</td><td>start the runtime beside its extensions</td></tr>
 * <tr><td>TERMINATE_RUNTIME</td><td>to guest</td><td>SIGTERM to the runtime's process group</td></tr>
 * <tr><td>KILL_RUNTIME</td><td>to guest</td><td>SIGKILL to it</td></tr>
 * <tr><td>KILL</td><td>to guest</td><td>SIGKILL to all processes but init</td></tr>
 * <tr><td>EXHAUST_MEMORY</td><td>to guest</td><td>fill the function's memory until the kernel kills for it</td></tr>
 * <tr><td>RESET</td><td>to guest</td><td>KILL without reports, keep {@code /tmp}, be as after PREPARED</td></tr>
 * <tr><td>CONNECT</td><td>to guest</td><td>u16: connect the stream to this port of 127.0.0.1</td></tr>
 * <tr><td>CHECKPOINT</td><td>to guest</td><td>be silent until RESTORED: a snapshot follows</td></tr>
 * <tr><td>RESTORED</td><td>to guest</td><td>as HELLO; the host knows no stream: open again those that wait</td></tr>
 * <tr><td>CLOCK</td><td>to guest</td><td>u64 wall clock in ns</td></tr>
 * <tr><td>POWER_OFF</td><td>to guest</td><td>end the machine</td></tr>
 * <tr><td>READY</td><td>to host</td><td>five u64: ns since boot when init began, had its mounts, its drivers, its
 *     channel; version of this protocol. After boot, and after RESTORED</td></tr>
 * <tr><td>PREPARED</td><td>to host</td><td>empty, or one line that says why it cannot be what it is to be</td></tr>
 * <tr><td>OPEN</td><td>to host</td><td>a process connected to the Runtime API</td></tr>
 * <tr><td>EXITED</td><td>to host</td><td>two i32: index of the process (extensions in order, then the runtime), wait
 *     status. What it had written came before</td></tr>
 * <tr><td>RESET_DONE</td><td>to host</td><td>all streams are closed, nothing runs, the outputs are new</td></tr>
 * <tr><td>STATS_IS</td><td>to host</td><td>two u64: most memory that the function ever held, processes killed for
 *     memory. Sent when they changed, before the answer or the end that made init look</td></tr>
 * <tr><td>CONNECTED</td><td>to host</td><td>the stream of a CONNECT is open</td></tr>
 * <tr><td>CONNECT_FAILED</td><td>to host</td><td>i32: errno; the number is free</td></tr>
 * <tr><td>CHECKPOINTED</td><td>to host</td><td>nothing else comes before RESTORED</td></tr>
 * <tr><td>FAULT</td><td>to host</td><td>one line that init has to say</td></tr>
 * </table>
 */
enum FrameType {
    DATA(1),
    WINDOW(2),
    CLOSE(3),
    BREAK(4),
    HELLO(16),
    SPEC(17),
    PREPARE(18),
    START(19),
    START_RUNTIME(20),
    TERMINATE_RUNTIME(21),
    KILL_RUNTIME(22),
    KILL(23),
    EXHAUST_MEMORY(24),
    RESET(25),
    CONNECT(26),
    CHECKPOINT(27),
    RESTORED(28),
    CLOCK(29),
    POWER_OFF(30),
    READY(64),
    PREPARED(65),
    OPEN(66),
    EXITED(67),
    RESET_DONE(68),
    STATS_IS(69),
    CONNECTED(70),
    CONNECT_FAILED(71),
    CHECKPOINTED(72),
    FAULT(73);

    private static final int NUMBERS = 256;
    private static final @Nullable FrameType[] BY_NUMBER = byNumber();

    final int number;

    FrameType(int number) {
        this.number = number;
    }

    /** Null where no frame has this number. */
    static @Nullable FrameType of(int number) {
        return BY_NUMBER[number & 0xff];
    }

    /** Whether a guest may send it. */
    boolean isForHost() {
        return number <= BREAK.number || number >= READY.number;
    }

    private static @Nullable FrameType[] byNumber() {
        @Nullable FrameType[] types = new FrameType[NUMBERS];
        for (FrameType type : values()) {
            types[type.number] = type;
        }
        return types;
    }
}
