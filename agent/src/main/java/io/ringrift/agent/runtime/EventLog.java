package io.ringrift.agent.runtime;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the lines that people search for in logs. */
public final class EventLog implements Consumer<AgentEvent> {
    private final String self;
    private final System.Logger log;

    /** @param self this node's id */
    public EventLog(String self, System.Logger log) {
        this.self = self;
        this.log = log;
    }

    @Override
    public void accept(AgentEvent event) {
        switch (event) {
            case AgentEvent.MemberChanged changed -> member(changed);
            case AgentEvent.LeaderChanged changed -> leader(changed.leadership());
            case AgentEvent.FallbackChanged changed -> fallback(changed);
            case AgentEvent.ConfigChanged changed -> config(changed);
        }
    }

    /** Says that something is wrong. */
    void complain(String sentence) {
        log.log(ERROR, sentence);
    }

    /** Says that this program has an error; the loop goes on without the step that failed. */
    void defect(RuntimeException failure) {
        log.log(ERROR, "An internal error; this agent goes on", failure);
    }

    private void member(AgentEvent.MemberChanged changed) {
        if (changed.nodeId().equals(self)) {
            return;
        }
        boolean bad = changed.state() == MemberState.SUSPECTED || changed.state() == MemberState.FAILED;
        String prefix = changed.source() == Member.Source.SWIM ? "[SWIM] " : "[HTTP] ";
        log.log(bad ? WARNING : INFO, prefix + changed.nodeId() + " is now " + changed.state());
    }

    private void leader(Leadership leadership) {
        boolean raft = leadership.source().equals(Optional.of(Leadership.Source.RAFT));
        String prefix = raft ? "[Raft] " : "[Bully] ";
        if (leadership.leader().isEmpty()) {
            log.log(WARNING, prefix + "No leader; the highest epoch seen is " + leadership.epoch());
        } else if (leadership.leader().get().equals(self)) {
            log.log(INFO, prefix + "Became leader for " + (raft ? "term " : "epoch ") + leadership.epoch());
        } else {
            log.log(INFO, prefix + leadership.leader().get() + " leads in epoch " + leadership.epoch());
        }
    }

    private void fallback(AgentEvent.FallbackChanged changed) {
        String protocol = changed.protocol().token();
        if (changed.state().active()) {
            log.log(
                    INFO,
                    "[Coordinator] Fallback of " + protocol + " is active: "
                            + changed.state().reason().orElse(""));
        } else {
            log.log(INFO, "[Coordinator] Fallback of " + protocol + " has ended");
        }
    }

    private void config(AgentEvent.ConfigChanged changed) {
        changed.status()
                .refused()
                .ifPresentOrElse(
                        refusal -> log.log(ERROR, "[Config] Change refused: " + String.join("; ", refusal.problems())),
                        () -> log.log(
                                INFO,
                                "[Config] Applied generation "
                                        + changed.status().generation().stream()
                                                .mapToObj(Long::toString)
                                                .findFirst()
                                                .orElse("(none)")));
    }
}
