/** Pages about more than one run, each one file that needs nothing else. */
@NullMarked
package dev.thaw.results.pages;

import org.jspecify.annotations.NullMarked;
