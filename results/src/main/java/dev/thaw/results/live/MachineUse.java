package dev.thaw.results.live;

/**
 * CPU of the machine that a server runs on, between two readings.
 *
 * @param cpus of the machine, whichever of them this process may use; negative where nobody can tell
 * @param busyCpus at work for anybody; negative where nobody can tell
 * @param serverCpus at work for the server's process, sandboxes not included
 */
public record MachineUse(int cpus, double busyCpus, double serverCpus) {}
