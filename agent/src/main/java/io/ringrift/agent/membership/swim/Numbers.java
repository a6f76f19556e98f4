package io.ringrift.agent.membership.swim;

/** The numbers of this node's own requests: one row for all kinds, so that an answer fits one request only. */
final class Numbers {
    private long last;

    long next() {
        return ++last;
    }
}
