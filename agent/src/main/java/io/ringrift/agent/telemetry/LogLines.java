package io.ringrift.agent.telemetry;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.Token;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.membership.MemberState;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The lines that people grep for. Their wording is a promise: change it nowhere. */
public final class LogLines {
    private LogLines() {}

    /** One line and how loud it is. */
    public record Line(Level level, String text) {}

    /** What runs, said once at start. */
    public static List<Line> startup(AgentView view) {
        AgentConfig config = view.config();
        AgentView.SwimView swim = view.swim();
        AgentView.RaftView raft = view.raft();
        return List.of(
                protocol(
                        "SWIM",
                        swim.enabled(),
                        swim.available(),
                        swim.message(),
                        "membership_mode",
                        config.membershipMode()),
                protocol(
                        "Raft",
                        raft.enabled(),
                        raft.available(),
                        raft.message(),
                        "consensus_mode",
                        config.consensusMode()));
    }

    /** What to say of an event on the node {@code self}. */
    public static Line of(AgentEvent event, String self) {
        return switch (event) {
            case AgentEvent.MemberChanged member -> member(member);
            case AgentEvent.LeaderChanged leader -> leader(leader.leadership(), self);
            case AgentEvent.FallbackChanged fallback -> fallback(fallback);
            case AgentEvent.ConfigChanged config -> config(config.status());
        };
    }

    private static Line protocol(
            String name, boolean enabled, boolean available, Optional<String> message, String modeKey, Token mode) {
        String modeText = " (" + modeKey + "=" + mode.token() + ")";
        String start = "[Startup Validation] " + name + " protocol ";
        if (!enabled) {
            return new Line(Level.INFO, start + "off" + modeText);
        }
        return available
                ? new Line(Level.INFO, start + "available" + modeText)
                : new Line(
                        Level.WARNING,
                        start + "not available" + modeText
                                + message.map(why -> ": " + why).orElse(""));
    }

    private static Line member(AgentEvent.MemberChanged member) {
        Level level = member.state() == MemberState.FAILED ? Level.WARNING : Level.INFO;
        return new Line(level, "[" + member.source() + "] " + member.nodeId() + " is now " + member.state());
    }

    private static Line leader(Leadership leadership, String self) {
        if (leadership.leader().isEmpty()) {
            return new Line(Level.WARNING, "[Leader] No leader (highest epoch " + leadership.epoch() + ")");
        }
        String leader = leadership.leader().get();
        if (!leader.equals(self)) {
            return new Line(Level.INFO, "[Leader] " + leader + " leads, epoch " + leadership.epoch());
        }
        boolean elected =
                leadership.source().filter(Leadership.Source.BULLY::equals).isPresent();
        // Raft's own line names its term and is written where the term is known.
        return new Line(
                Level.INFO,
                (elected ? "[Bully] Became leader for epoch " : "[Leader] This node acts as leader, epoch ")
                        + leadership.epoch());
    }

    private static Line fallback(AgentEvent.FallbackChanged fallback) {
        String name = "[Fallback] " + fallback.protocol().token();
        if (!fallback.state().active()) {
            return new Line(Level.INFO, name + ": over");
        }
        Level level = fallback.state().byMode() ? Level.INFO : Level.WARNING;
        return new Line(level, name + ": " + fallback.state().reason().orElse("active"));
    }

    private static Line config(ConfigStatus status) {
        return status.refused()
                .map(refusal -> new Line(
                        Level.WARNING,
                        "[Config] " + generation(refusal.generation()) + " refused, what ran keeps running: "
                                + String.join("; ", refusal.problems())))
                .orElseGet(() -> new Line(Level.INFO, "[Config] " + generation(status.generation()) + " applied"));
    }

    private static String generation(OptionalLong generation) {
        return generation.isPresent() ? "generation " + generation.getAsLong() : "change without a generation";
    }
}
