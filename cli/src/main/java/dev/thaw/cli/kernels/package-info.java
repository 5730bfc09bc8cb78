/**
 * The same kernels in builds for several instruction sets: which of them run on this host, whether they agree, how fast the
 * native ones are. Each build is a process of its own.
 */
@NullMarked
package dev.thaw.cli.kernels;

import org.jspecify.annotations.NullMarked;
