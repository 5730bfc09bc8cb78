/**
 * What every backend asks of the kernel: system calls, control groups, processes and their ends. Every call names what
 * failed and why.
 */
@NullMarked
package dev.thaw.sandbox.kernel;

import org.jspecify.annotations.NullMarked;
