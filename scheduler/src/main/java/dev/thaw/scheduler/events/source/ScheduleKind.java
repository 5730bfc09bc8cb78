package dev.thaw.scheduler.events.source;

import tools.jackson.databind.node.ObjectNode;

/** Which of EventBridge's two services keeps a schedule: their events differ, and how they may invoke. */
public enum ScheduleKind {
    /** A rule of an event bus, allowed by the function's policy. */
    RULE("aws.events", "events.amazonaws.com", "arn:aws:events:us-east-1:000000000000:rule/"),
    /** EventBridge Scheduler, whose events have a text where rules have an object. */
    SCHEDULER("aws.scheduler", "scheduler.amazonaws.com", "arn:aws:scheduler:us-east-1:000000000000:schedule/default/");

    private final String source;
    private final String service;
    private final String arnPrefix;

    ScheduleKind(String source, String service, String arnPrefix) {
        this.source = source;
        this.service = service;
        this.arnPrefix = arnPrefix;
    }

    String source() {
        return source;
    }

    /** The principal that a function's policy names. */
    public String service() {
        return service;
    }

    /** What it acts for. */
    public String arn(String name) {
        return arnPrefix + name;
    }

    void putDetail(ObjectNode event) {
        if (this == SCHEDULER) {
            event.put("detail", "{}");
        } else {
            event.putObject("detail");
        }
    }
}
