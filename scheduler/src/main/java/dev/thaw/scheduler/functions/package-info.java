/**
 * Functions as configured: templates, validation, the registry.
 */
@NullMarked
package dev.thaw.scheduler.functions;

import org.jspecify.annotations.NullMarked;
