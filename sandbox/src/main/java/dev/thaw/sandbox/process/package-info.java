/** Functions as processes of the host's kernel, held by bubblewrap's namespaces and by control groups. */
@NullMarked
package dev.thaw.sandbox.process;

import org.jspecify.annotations.NullMarked;
