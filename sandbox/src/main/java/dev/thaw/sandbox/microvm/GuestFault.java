package dev.thaw.sandbox.microvm;

/** A guest did what no honest one does; it is not spoken to any more. */
final class GuestFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GuestFault(String what) {
        super("guest broke the protocol: " + what);
    }
}
