package io.ringrift.agent.runtime;

import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.telemetry.LogLines;
import java.util.function.Consumer;

/** Writes the lines that people search for in logs. On the loop's thread only. */
public final class EventLog implements Consumer<AgentEvent> {
    private final String self;
    private final System.Logger log;
    private boolean leaderKnown;

    /** @param self this node's id */
    public EventLog(String self, System.Logger log) {
        this.self = self;
        this.log = log;
    }

    @Override
    public void accept(AgentEvent event) {
        if (isNews(event)) {
            LogLines.Line line = LogLines.of(event, self);
            log.log(line.level(), line.text());
        }
    }

    /** Not that this node lives, and not each higher epoch while there is no leader: only its loss. */
    private boolean isNews(AgentEvent event) {
        return switch (event) {
            case AgentEvent.MemberChanged changed -> !changed.nodeId().equals(self);
            case AgentEvent.LeaderChanged changed -> {
                boolean before = leaderKnown;
                leaderKnown = changed.leadership().leader().isPresent();
                yield before || leaderKnown;
            }
            case AgentEvent.FallbackChanged _, AgentEvent.ConfigChanged _ -> true;
        };
    }

    /** Says that something is wrong. */
    void complain(String sentence) {
        log.log(System.Logger.Level.ERROR, sentence);
    }

    /** Says that this program is wrong, with where. */
    void defect(RuntimeException failure) {
        log.log(System.Logger.Level.ERROR, "[Agent] An input failed inside; the agent goes on", failure);
    }
}
