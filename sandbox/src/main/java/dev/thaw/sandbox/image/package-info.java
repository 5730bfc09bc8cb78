/**
 * Container images on disk: OCI image layouts and {@code docker save} archives, read, verified and unpacked to a folder
 * that can be a sandbox's root (contract.md section 11). Trusts nothing of what it reads.
 */
@NullMarked
package dev.thaw.sandbox.image;

import org.jspecify.annotations.NullMarked;
