package io.ringrift.agent.runtime;

import io.ringrift.agent.coordinator.DropReason;

/** A message was not taken; the route answers 400 with the reason. Has no stack trace, because anybody can cause it. */
public final class MessageDropped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final DropReason reason;

    MessageDropped(DropReason reason) {
        super(reason.token(), null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public DropReason reason() {
        return reason;
    }
}
