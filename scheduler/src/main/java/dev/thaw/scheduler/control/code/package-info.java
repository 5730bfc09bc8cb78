/** Deployment packages: checked before they are believed, unpacked, and kept by their content. Knows no operations. */
@NullMarked
package dev.thaw.scheduler.control.code;

import org.jspecify.annotations.NullMarked;
