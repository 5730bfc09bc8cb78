@NullMarked
package dev.thaw.scheduler.control.policy;

import org.jspecify.annotations.NullMarked;
