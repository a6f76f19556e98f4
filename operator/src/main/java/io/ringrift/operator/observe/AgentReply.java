package io.ringrift.operator.observe;

/** What became of asking an agent. */
public sealed interface AgentReply {
    /** It answered. */
    record Reported(AgentReport report) implements AgentReply {}

    /**
     * It did not, several times in a row.
     *
     * @param reason why, as a phrase that does not change from one try to the next
     */
    record Silent(String reason) implements AgentReply {}
}
