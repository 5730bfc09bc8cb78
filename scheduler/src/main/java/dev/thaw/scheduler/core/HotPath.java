package dev.thaw.scheduler.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Once warm, this method allocates nothing, takes no lock, logs nothing, boxes nothing, captures nothing and throws
 * nothing. Held twice: by an architecture test on its direct calls and by a byte-count test on a warm cycle.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface HotPath {}
