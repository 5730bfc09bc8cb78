package dev.thaw.scheduler.events.source;

/**
 * By what a file's change is seen.
 *
 * @param identity of the file itself, where the file system has one: another file that takes its name is a change
 */
record FileStamp(long bytes, long modifiedNs, String identity) {}
