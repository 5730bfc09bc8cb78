/** Tests of signatures, keys and decisions. */
@NullMarked
package dev.thaw.scheduler.auth;

import org.jspecify.annotations.NullMarked;
