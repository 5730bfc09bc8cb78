/**
 * MicroVMs as sandboxes: the guest's first process ({@code src/main/c/guest}) and the channel to it.
 *
 * <p>A guest is hostile: nothing that it sends is believed, held without bound, or able to stop the thread that serves
 * the others.
 */
@NullMarked
package dev.thaw.sandbox.microvm;

import org.jspecify.annotations.NullMarked;
