package dev.thaw.sandbox.microvm;

import dev.thaw.sandbox.SandboxEvents;
import dev.thaw.sandbox.SandboxSpec;

/** A sandbox that is asked for: what it is to be, who hears of it, and how its start goes. */
record VmOrder(SandboxSpec spec, SandboxEvents events, VmStart start) {}
