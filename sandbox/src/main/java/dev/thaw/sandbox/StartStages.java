package dev.thaw.sandbox;

/**
 * What the creation of a sandbox was made of where it is a microVM, in ns; all 0 of any other. Together they are the time
 * from the order to create until {@code onCreated}.
 *
 * @param vmmNs the VMM, until the guest's kernel began or a snapshot was loaded
 * @param kernelNs the guest's kernel, until its first process ran
 * @param initNs that process, until the guest was what it is to be
 */
public record StartStages(long vmmNs, long kernelNs, long initNs) {
    public static final StartStages NONE = new StartStages(0, 0, 0);
}
