package io.ringrift.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.raft.RaftRole;
import io.ringrift.agent.coordinator.AgentView;
import io.ringrift.agent.coordinator.AgentViewBuilder;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.sim.Configs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Where a request on the replicated state goes. */
class CourseTest {
    private static final Course TO_B = new Course.There(new Address("10.0.0.2", 8770));

    @Test
    void withoutRaftThereIsNobodyToAsk() {
        assertThat(Course.of(view(ConsensusMode.BULLY, raft(false, Optional.empty())), false))
                .isInstanceOf(Course.Off.class);
        assertThat(Course.of(view(ConsensusMode.BULLY, raft(true, Optional.of("b"))), true))
                .as("Raft in shadow decides nothing, whoever leads there")
                .isInstanceOf(Course.Off.class);
    }

    @Test
    void aLeaderThatMayActAnswersItself() {
        assertThat(Course.of(view(ConsensusMode.RAFT, raft(true, Optional.of("a"))), true))
                .isEqualTo(new Course.Here());
    }

    @Test
    void aLeaderWhoseLeaseLapsedSendsNobodyToItself() {
        assertThat(Course.of(view(ConsensusMode.RAFT, raft(true, Optional.of("a"))), false))
                .isInstanceOf(Course.Nowhere.class);
    }

    @Test
    void aVoterBelievesItsPeerBeforeWhatWasAnnounced() {
        AgentView announced = view(ConsensusMode.HYBRID, raft(true, Optional.of("b")))
                .withLeadership(led("c", Leadership.Source.RAFT));
        assertThat(Course.of(announced, false)).isEqualTo(TO_B);
    }

    @Test
    void whoHasNoPeerBelievesWhatWasAnnounced() {
        AgentView announced =
                view(ConsensusMode.RAFT, raft(true, Optional.empty())).withLeadership(led("b", Leadership.Source.RAFT));
        assertThat(Course.of(announced, false)).isEqualTo(TO_B);
    }

    @Test
    void aLeaderOfBullysHoldsNoLog() {
        AgentView announced = view(ConsensusMode.HYBRID, raft(true, Optional.empty()))
                .withLeadership(led("b", Leadership.Source.BULLY));
        assertThat(Course.of(announced, false)).isInstanceOf(Course.Nowhere.class);
    }

    @Test
    void aLeaderWithoutAnAddressCannotBeAsked() {
        assertThat(Course.of(view(ConsensusMode.RAFT, raft(true, Optional.of("stranger"))), false))
                .isEqualTo(new Course.Nowhere("no leader that may act is known"));
    }

    private static Leadership led(String by, Leadership.Source source) {
        return new Leadership(Optional.of(by), 7, Optional.of(source));
    }

    private static AgentView.RaftView raft(boolean enabled, Optional<String> leader) {
        Optional<AgentView.RaftPeer> peer = leader.map(id -> new AgentView.RaftPeer(
                Optional.of(id),
                3,
                RaftRole.FOLLOWER,
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty()));
        return new AgentView.RaftView(enabled, enabled, false, Optional.empty(), peer);
    }

    private static AgentView view(ConsensusMode mode, AgentView.RaftView raft) {
        return AgentViewBuilder.builder()
                .nodeId("a")
                .config(Configs.of("a").modes(MembershipMode.HTTP, mode).build())
                .members(List.of(member("a", "10.0.0.1:8770"), member("b", "10.0.0.2:8770")))
                .leadership(Leadership.none(6))
                .raft(raft)
                .build();
    }

    private static Member member(String nodeId, String address) {
        return new Member(
                nodeId,
                MemberState.ALIVE,
                Optional.of(address),
                1,
                Member.Source.HTTP,
                Duration.ZERO,
                false,
                Optional.empty());
    }
}
