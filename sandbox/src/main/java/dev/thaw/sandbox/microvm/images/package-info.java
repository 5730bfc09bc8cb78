/**
 * Files that microVMs boot and mount: Debian's packages, and the kernels, root images and images of functions that are made
 * of them, once for all copies of thaw of a user. Knows nothing of machines.
 */
@NullMarked
package dev.thaw.sandbox.microvm.images;

import org.jspecify.annotations.NullMarked;
