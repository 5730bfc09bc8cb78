package dev.thaw.sandbox.microvm.images;

/**
 * Something that a guest mounts, read-only, before the function starts. Targets are paths as init sees them: the
 * function's root is {@link #ROOT}; {@link #IMAGE} is a place to mount an image whose folders are then bound.
 */
public sealed interface GuestMount {
    String ROOT = "/root";
    String IMAGE = "/image";

    /** A block device with a file system. */
    record Device(String device, String target, String fileSystem) implements GuestMount {}

    /** A folder or file that is mounted already, once more. */
    record Bind(String source, String target) implements GuestMount {}
}
