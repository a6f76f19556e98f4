package io.ringrift.agent.membership.swim;

import java.util.Map;

/**
 * A moment of the protocol, for status pages and metrics.
 *
 * @param alive members that answer, this node included
 * @param suspected members under suspicion
 * @param failed members given up and not yet forgotten
 * @param joined whether any other member was heard since the start
 * @param isolated nobody answers this node: the view is stale
 * @param superseded a younger process has this node's id
 * @param localHealth 0 healthy to 8: how much this node distrusts its own ears
 * @param viewHash equal on all members that agree
 * @param queuedUpdates news still being passed on
 * @param timers deadlines pending, for whoever watches for leaks
 * @param pauses how often this process was found to have slept through a deadline
 * @param drops what arrived and was not used, by reason
 */
public record SwimStatus(
        int alive,
        int suspected,
        int failed,
        boolean joined,
        boolean isolated,
        boolean superseded,
        int localHealth,
        long viewHash,
        int queuedUpdates,
        int timers,
        long pauses,
        Map<Drop, Long> drops) {}
