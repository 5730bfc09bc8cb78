package dev.thaw.sandbox.microvm;

/**
 * What becomes of a guest. Whatever it says is a guest's word: numbers are within their bounds, texts are one printable
 * line, answers come only to what was asked; the rest may be invented.
 *
 * <p>Threading: called on the thread of {@link GuestChannels}, which serves all guests and perhaps clients too: return
 * at once.
 */
interface GuestEvents {
    /** Its init has booted, or was restored, and listens to the host. */
    void onReady(BootTimes times);

    void onPrepared();

    /** It cannot be what it is to be. */
    void onPrepareFailed(String reason);

    /** A process ended: extensions by their index, then the runtime. Each once between resets. */
    void onExited(int index, int waitStatus);

    /** New sockets and pipes can be taken. */
    void onReset();

    /** It is silent and keeps nothing of this host: now is the time for a snapshot. */
    void onCheckpointed();

    /** Its init has something to say: not an end. */
    void onFault(String text);

    /** Its end of the channel is gone, or it broke the protocol. The last that is told of it. */
    void onLost(String reason);
}
