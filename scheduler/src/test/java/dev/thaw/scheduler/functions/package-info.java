/** Tests of configuration, templates and registry. */
@NullMarked
package dev.thaw.scheduler.functions;

import org.jspecify.annotations.NullMarked;
