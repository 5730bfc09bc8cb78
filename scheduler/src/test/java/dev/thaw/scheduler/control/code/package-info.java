/** Tests of deployment packages. */
@NullMarked
package dev.thaw.scheduler.control.code;

import org.jspecify.annotations.NullMarked;
