/** What a function is on disk: its package, layers or image, and which of their programs are to be started. */
@NullMarked
package dev.thaw.sandbox.code;

import org.jspecify.annotations.NullMarked;
