package io.ringrift.agent.coordinator;

import io.ringrift.agent.membership.Identity;

/**
 * This node's own run, and whether another run of the same node has taken its place. Of two live runs with one node id the newer
 * one is the member. The older one neither leads nor votes, but goes on polling; when the others find the newer one gone it
 * raises its incarnation above it and is the member again.
 */
final class OwnRun {
    private Identity identity;
    private boolean superseded;
    private boolean left;

    OwnRun(Identity identity) {
        this.identity = identity;
    }

    Identity identity() {
        return identity;
    }

    /** Whether it may lead and vote. */
    boolean takesPart() {
        return !superseded && !left;
    }

    /** It said goodbye. */
    void leave() {
        left = true;
    }

    /** A newer run lives. Returns whether that is news. */
    boolean supersede() {
        boolean news = !superseded;
        superseded = true;
        return news;
    }

    /** The run with this incarnation is gone: take its place. Returns whether anything changed. */
    boolean succeed(long incarnation) {
        boolean changed = superseded || incarnation >= identity.incarnation();
        superseded = false;
        identity = identity.withIncarnation(Math.max(identity.incarnation(), incarnation + 1));
        return changed;
    }
}
