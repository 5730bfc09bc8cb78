package dev.thaw.results.live;

/**
 * What one host has for environments, and what they hold of it; by their sizes, not by what their code uses.
 *
 * @param heldMemoryMib of environments that exist or are promised room, those on their way out left out
 * @param idleMemoryMib of these, held by idle ones that may go for others
 * @param heldMilliVcpus CPU shares, in thousandths of a vCPU, counted in the same way
 * @param idleMilliVcpus of these, likewise
 */
public record HostUse(
        String name,
        int memoryMib,
        int heldMemoryMib,
        int idleMemoryMib,
        int milliVcpus,
        int heldMilliVcpus,
        int idleMilliVcpus) {}
