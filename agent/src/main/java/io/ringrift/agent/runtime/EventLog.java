package io.ringrift.agent.runtime;

import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.telemetry.LogLines;
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
        boolean ofItself = event instanceof AgentEvent.MemberChanged changed
                && changed.nodeId().equals(self);
        if (!ofItself) {
            LogLines.Line line = LogLines.of(event, self);
            log.log(line.level(), line.text());
        }
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
