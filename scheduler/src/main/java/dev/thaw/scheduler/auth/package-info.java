/**
 * Who asks, and whether they may: signatures of requests (AWS Signature Version 4), access keys of a file, decisions by
 * identity and resource policies. Knows no Netty. Pure but for the file; time is an argument. Not on the path of a server
 * without keys.
 */
@NullMarked
package dev.thaw.scheduler.auth;

import org.jspecify.annotations.NullMarked;
