package dev.thaw.scheduler.core;

/**
 * Provisioned concurrency of one function, at one moment.
 *
 * @param requested environments to keep initialised; 0 for none
 * @param allocated environments that exist for it, or are on their way
 * @param available of these, initialised: ready, or at work
 * @param inUse of these, at work
 * @param failed an init failed, and no other is started until asked anew
 * @param invocations served by these environments while any were requested
 * @param spillovers invocations that others had to serve
 */
public record ProvisionedConcurrency(
        int requested, int allocated, int available, int inUse, boolean failed, long invocations, long spillovers) {}
