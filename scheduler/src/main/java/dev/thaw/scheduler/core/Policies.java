package dev.thaw.scheduler.core;

/** What a scheduler is free to decide: objects of one scheduler each, for they may remember. */
public record Policies(
        PlacementPolicy placement, KeepAlivePolicy keepAlive, QueueingPolicy queueing, ScalingPolicy scaling) {}
