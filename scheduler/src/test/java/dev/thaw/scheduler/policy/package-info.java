/** Tests of policies: one contract suite for each kind, and what each policy does beyond that. */
@NullMarked
package dev.thaw.scheduler.policy;

import org.jspecify.annotations.NullMarked;
