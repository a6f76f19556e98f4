package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users of other gossip implementations reported, staged here. Each name is the thread. */
class ReportedElsewhereTest {
    private final Simulation simulation = new Simulation(45);

    @Test
    @DisplayName("grafana/tempo#2766: a reused address merges two clusters")
    void aReusedAddressMergesNoClusters() {
        assertThat(Scenarios.reusedAddress(simulation)).isZero();
        assertThat(simulation.nodes.getFirst().core().members())
                .extracting(Member::nodeId)
                .noneMatch(id -> id.startsWith("other"));
    }

    @Test
    @DisplayName("Orange-OpenSource/casskop#170: two nodes swap addresses")
    void twoNodesSwapAddresses() {
        List<SimNode> nodes = simulation.established(10);
        simulation.runFor(3 * SECOND);
        Endpoint first = nodes.get(1).address();
        nodes.get(1).move(nodes.get(2).address());
        nodes.get(2).move(first);
        simulation.runFor(20 * SECOND);

        assertThat(simulation.complete() && simulation.agreed()).isTrue();
        assertThat(simulation.changes).noneMatch(change -> change.event().change() == Change.FAILED);
    }

    @Test
    @DisplayName("hashicorp/consul#6897: a restarted pod with another address is refused for minutes")
    void aRestartWithAnotherAddressIsTakenAtOnce() {
        List<SimNode> nodes = simulation.established(10);
        simulation.runFor(3 * SECOND);
        nodes.get(4).crash();
        simulation.runFor(200 * MILLI);
        nodes.get(4).move(Endpoint.ofIpv4(0x0A00_00FE, 7947));
        nodes.get(4).boot();
        nodes.get(4).join(nodes);
        long took = simulation.until("all know", 10 * SECOND, () -> simulation.complete() && simulation.agreed());

        assertThat(took).isLessThanOrEqualTo(SECOND);
        assertThat(simulation.changes).noneMatch(change -> change.event().change() == Change.FAILED);
    }

    @Test
    @DisplayName("scalecube/scalecube-cluster#132: a restarted member's old instance lingers until its timeout")
    void theOldInstanceEndsAsSoonAsTheNewOneAnswers() {
        List<SimNode> nodes = simulation.established(10);
        simulation.runFor(3 * SECOND);
        nodes.get(4).kill();
        nodes.get(4).boot();
        // It has no seeds: only the pings for its past self tell it of the others, and them of it.
        long took = simulation.until(
                "all hold the new instance",
                5 * SECOND,
                () -> nodes.stream()
                        .allMatch(node -> node == nodes.get(4)
                                || node.core()
                                                .table()
                                                .find(nodes.get(4).core().self().instance())
                                        >= 0));

        assertThat(took).isLessThanOrEqualTo(1_500 * MILLI);
        assertThat(simulation.changes).noneMatch(change -> change.event().change() == Change.FAILED);
    }

    @Test
    @DisplayName("al8n/memberlist#197: stale news that it lives brings a dead node back")
    void staleNewsRaisesNobody() {
        List<SimNode> nodes = simulation.established(5);
        MemberRecord dead = nodes.get(4).core().self();
        nodes.get(4).crash();
        simulation.until("all know", 10 * SECOND, () -> simulation.everybodyHolds(nodes.get(4), MemberState.FAILED));
        byte[] stale = Samples.encode(
                Swim.clusterTag(Simulation.CLUSTER),
                nodes.get(1).core().self().instance(),
                nodes.get(0).core().self().instance(),
                0,
                new Message.Gossip(),
                List.of(new Update.Alive(dead)));
        nodes.get(0).core().packet(nodes.get(0).localTime(), nodes.get(1).address(), stale);

        assertThat(nodes.get(0).holds(nodes.get(4))).isEqualTo(MemberState.FAILED);
    }

    @Test
    @DisplayName("hashicorp/memberlist#345: who accuses a member of the past is told of its present")
    void aStaleAccuserIsCorrected() {
        List<SimNode> nodes = simulation.established(5);
        MemberRecord before = nodes.get(4).core().self();
        nodes.get(4).configure(Profiles.DEFAULT, 2);
        simulation.runFor(SECOND);
        long accuser = nodes.get(1).core().self().instance();
        byte[] stale = Samples.encode(
                Swim.clusterTag(Simulation.CLUSTER),
                accuser,
                nodes.get(0).core().self().instance(),
                0,
                new Message.Gossip(),
                List.of(new Update.Suspect(before.instance(), before.incarnation(), List.of(accuser))));
        List<SwimEffect> answer = nodes.get(0)
                .core()
                .packet(nodes.get(0).localTime(), nodes.get(1).address(), stale);

        assertThat(answer).singleElement().isInstanceOf(SwimEffect.SendPacket.class);
        SwimEffect.SendPacket sent = (SwimEffect.SendPacket) answer.getFirst();
        assertThat(sent.to()).isEqualTo(nodes.get(1).address());
        assertThat(Samples.updatesIn(sent.packet()))
                .containsExactly(new Update.Alive(nodes.get(4).core().self()));
    }

    @Test
    @DisplayName("hashicorp/memberlist#45: a joiner that can send and not hear poisons the cluster")
    void whoCannotHearIsNotLetIn() {
        List<SimNode> nodes = simulation.established(5);
        SimNode deaf = simulation.add("deaf");
        simulation.cut = (from, to) -> to == deaf;
        deaf.boot();
        deaf.join(nodes);
        simulation.runFor(30 * SECOND);

        assertThat(nodes).allMatch(node -> node.holds(deaf) == null);
    }

    @Test
    @DisplayName("hashicorp/serf#336: a node suspects itself")
    void nobodySuspectsItself() {
        List<SimNode> nodes = simulation.established(3);
        long self = nodes.get(1).core().self().instance();
        byte[] packet = Samples.encode(
                Swim.clusterTag(Simulation.CLUSTER),
                nodes.get(2).core().self().instance(),
                nodes.get(0).core().self().instance(),
                0,
                new Message.Gossip(),
                List.of(new Update.Suspect(self, nodes.get(1).core().self().incarnation(), List.of(self))));
        nodes.get(0).core().packet(nodes.get(0).localTime(), nodes.get(2).address(), packet);

        assertThat(nodes.get(0).core().why(nodes.get(1).nodeId()))
                .noneMatch(step -> step.by().equals("node-1"));
    }

    @Test
    @DisplayName("apple/swift-cluster-membership#6: late nacks make healthy nodes blame themselves")
    void oneCrashMakesNobodyDoubtItself() {
        List<SimNode> nodes = simulation.established(100);
        simulation.runFor(3 * SECOND);
        nodes.get(50).crash();
        simulation.runFor(10 * SECOND);
        List<WhyEntry> trail = nodes.stream()
                .filter(SimNode::up)
                .flatMap(node -> node.core().why("node-50").stream())
                .toList();

        assertThat(trail).noneMatch(entry -> entry.step() == WhyEntry.Step.BLAMED_SELF);
        assertThat(trail)
                .filteredOn(entry -> entry.step() == WhyEntry.Step.PROBE_FAILED)
                .isNotEmpty()
                .allMatch(entry -> entry.detail().contains("3 of 3 relays missed it too"));
    }

    @Test
    @DisplayName("caio/foca#25: floods of 'you are dead'")
    void strangersGetFewAnswers() {
        SimNode node = simulation.established(2).getFirst();
        int answers = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] ping = Samples.encode(
                    Swim.clusterTag(Simulation.CLUSTER), 1_000 + i, 77, 0, new Message.Ping(i), List.of());
            answers += node.core()
                    .packet(node.localTime(), Endpoint.ofIpv4(i, 1), ping)
                    .size();
        }

        assertThat(answers).isLessThanOrEqualTo(20);
    }

    @Test
    @DisplayName("hashicorp/consul#19965: UDP blocked, TCP open")
    void blockedUdpIsSaidAndKillsNobody() {
        List<SimNode> nodes = simulation.established(5);
        SimNode shut = nodes.get(3);
        simulation.udpCut = (from, to) -> to == shut;
        simulation.runFor(60 * SECOND);

        assertThat(simulation.changes).noneMatch(change -> change.event().change() == Change.FAILED);
        assertThat(nodes)
                .anySatisfy(node -> assertThat(node.core().members())
                        .anyMatch(member -> member.nodeId().equals("node-3") && member.udpUnreachable()));

        simulation.udpCut = (from, to) -> false;
        simulation.until(
                "it is taken back",
                20 * SECOND,
                () -> nodes.stream()
                        .allMatch(node -> node.core().members().stream().noneMatch(Member::udpUnreachable)));
    }

    @Test
    @DisplayName("hashicorp/memberlist#105: joining past dead seeds takes a minute")
    void deadSeedsDelayNobody() {
        List<SimNode> nodes = new ArrayList<>(simulation.established(3));
        for (int i = 0; i < 30; i++) {
            nodes.add(simulation.add("dead-" + i));
        }
        SimNode joiner = simulation.add("joiner");
        joiner.boot();
        joiner.join(nodes);
        long took = simulation.until("it is in", 60 * SECOND, () -> simulation.complete());

        assertThat(took).isLessThanOrEqualTo(10 * SECOND);
    }

    @Test
    @DisplayName("hashicorp/consul#4806: two processes with one node id")
    void theYoungerOfTwoWithOneNameWinsAndTheOlderSaysSo() {
        List<SimNode> nodes = simulation.established(5);
        simulation.runFor(30 * SECOND);
        SimNode twin = simulation.add("node-1");
        twin.boot();
        twin.join(nodes);
        simulation.runFor(20 * SECOND);

        assertThat(nodes.get(1).core().status().superseded()).isTrue();
        assertThat(nodes.get(0).core().table().find(twin.core().self().instance()))
                .isNotNegative();

        // The younger one goes: the older one is the node again.
        twin.crash();
        simulation.until(
                "it is back",
                30 * SECOND,
                () -> nodes.get(0)
                                .core()
                                .table()
                                .find(nodes.get(1).core().self().instance())
                        >= 0);
        assertThat(nodes.get(1).core().status().superseded()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "10, false", "1, true", "10, true", "60, true"})
    @DisplayName(
            "hashicorp/memberlist#311: after a restart with the clock set back a live node stays dead for its peers")
    void aClockSetBackBetweenBootsBuriesNobody(long awaySeconds, boolean tcpShut) {
        List<SimNode> nodes = simulation.established(10);
        if (tcpShut) {
            nodes.forEach(SimNode::shutTcp);
        }
        simulation.runFor(3 * SECOND);
        nodes.get(4).crash();
        simulation.runFor(awaySeconds * SECOND);
        nodes.get(4).boot(1_600_000_000_000L);
        nodes.get(4).join(nodes);
        // Without TCP it cannot learn of everybody at once, but everybody must know of it.
        long took = simulation.until(
                "all know",
                10 * SECOND,
                () -> simulation.everybodyHolds(nodes.get(4), MemberState.ALIVE)
                        && (tcpShut || simulation.complete() && simulation.agreed()));

        assertThat(took).isLessThanOrEqualTo(3 * SECOND);
        assertThat(nodes.get(4).core().status().superseded()).isFalse();
    }

    @Test
    @DisplayName("Garbage, 2,000 packets a second for a minute")
    void garbageKillsNobodyAndLeavesNothingBehind() {
        List<SimNode> nodes = simulation.established(5);
        SimNode target = nodes.get(0);
        byte[] ping = Samples.encode(Swim.clusterTag(Simulation.CLUSTER), 5, 6, 7, new Message.Ping(1), List.of());
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 2_000; i++) {
                byte[] garbage = i % 2 == 0 ? ping.clone() : new byte[simulation.random.nextInt(1_200)];
                for (int n = 0; n < garbage.length; n++) {
                    garbage[n] = i % 2 == 0 && n != 3 && n < 24 ? garbage[n] : (byte) simulation.random.nextInt();
                }
                target.core().packet(target.localTime(), Endpoint.ofIpv4(i + 1, 9), garbage);
            }
            simulation.runFor(SECOND);
        }

        SwimStatus status = target.core().status();
        assertThat(simulation.changes).isEmpty();
        assertThat(status.alive()).isEqualTo(5);
        assertThat(status.timers()).isLessThan(50);
        assertThat(status.drops().values().stream().mapToLong(n -> n).sum()).isEqualTo(120_000);
    }
}
