/**
 * Times at which a process stood still: its garbage collections, and wake-ups that came late. Who was slow meanwhile can
 * then be told from who was slow by itself.
 */
@NullMarked
package dev.thaw.results.pauses;

import org.jspecify.annotations.NullMarked;
