package dev.thaw.sandbox.microvm;

/**
 * When a guest's init reached its stages, in ns since the machine started, by the guest's own clock and word.
 *
 * @param kernelNs init began
 * @param mountsNs it had its own file systems
 * @param modulesNs it had its drivers
 * @param channelNs it had the port to the host
 */
record BootTimes(long kernelNs, long mountsNs, long modulesNs, long channelNs) {}
