package io.ringrift.agent.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.coordinator.AgentEvent;
import io.ringrift.agent.coordinator.FallbackState;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The wording that people grep for. */
class LogLinesTest {
    private static final Duration AT = Duration.ZERO;

    private static LogLines.Line member(MemberState state, Member.Source source) {
        return LogLines.of(
                new AgentEvent.MemberChanged("node-456", state, Optional.empty(), 1, List.of(), source, AT), "node-1");
    }

    private static LogLines.Line leader(Leadership leadership) {
        return LogLines.of(new AgentEvent.LeaderChanged(leadership, AT), "node-1");
    }

    @Test
    void members() {
        assertThat(member(MemberState.ALIVE, Member.Source.SWIM).text()).isEqualTo("[SWIM] node-456 is now ALIVE");
        assertThat(member(MemberState.SUSPECTED, Member.Source.SWIM).text())
                .isEqualTo("[SWIM] node-456 is now SUSPECTED");
        assertThat(member(MemberState.FAILED, Member.Source.HTTP))
                .isEqualTo(new LogLines.Line(Level.WARNING, "[HTTP] node-456 is now FAILED"));
    }

    @Test
    void leaders() {
        assertThat(leader(new Leadership(Optional.of("node-1"), 31, Optional.of(Leadership.Source.BULLY)))
                        .text())
                .isEqualTo("[Bully] Became leader for epoch 31");
        assertThat(leader(new Leadership(Optional.of("node-2"), 32, Optional.of(Leadership.Source.BULLY)))
                        .text())
                .isEqualTo("[Leader] node-2 leads, epoch 32");
        assertThat(leader(Leadership.none(32)).text()).isEqualTo("[Leader] No leader (highest epoch 32)");
    }

    @Test
    void fallbacksAndConfigurations() {
        FallbackState active = new FallbackState(true, false, Optional.of(AT), Optional.of("UDP is blocked"), 1);
        assertThat(LogLines.of(new AgentEvent.FallbackChanged(AgentEvent.Protocol.MEMBERSHIP, active, AT), "node-1")
                        .text())
                .isEqualTo("[Fallback] membership: UDP is blocked");
        FallbackState wanted = new FallbackState(true, true, Optional.of(AT), Optional.of("Bully decides"), 0);
        assertThat(LogLines.of(new AgentEvent.FallbackChanged(AgentEvent.Protocol.CONSENSUS, wanted, AT), "node-1"))
                .isEqualTo(new LogLines.Line(Level.INFO, "[Fallback] consensus: Bully decides"));
        ConfigStatus refused = new ConfigStatus(
                OptionalLong.of(12),
                Optional.of(new ConfigStatus.Refusal(OptionalLong.of(13), List.of("A is wrong", "B is wrong"))));
        assertThat(LogLines.of(new AgentEvent.ConfigChanged(refused, AT), "node-1")
                        .text())
                .isEqualTo("[Config] generation 13 refused, what ran keeps running: A is wrong; B is wrong");
        assertThat(LogLines.of(
                                new AgentEvent.ConfigChanged(
                                        new ConfigStatus(OptionalLong.of(14), Optional.empty()), AT),
                                "node-1")
                        .text())
                .isEqualTo("[Config] generation 14 applied");
    }
}
