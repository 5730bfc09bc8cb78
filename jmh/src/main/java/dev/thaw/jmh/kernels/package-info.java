/**
 * The kernels of {@code examples/c/kernels} in Java, for {@code thaw arch}: once in plain code, which is also the
 * reference that all builds are held to, and once with the Vector API. Each gives the checksum of the C builds.
 *
 * <p>Threading: one thread. Allocation: none in {@link dev.thaw.jmh.kernels.Kernel#run} once compiled.
 */
@NullMarked
package dev.thaw.jmh.kernels;

import org.jspecify.annotations.NullMarked;
