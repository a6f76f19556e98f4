package io.ringrift.agent.membership.swim;

import static io.ringrift.agent.membership.swim.Simulation.MILLI;
import static io.ringrift.agent.membership.swim.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users of other gossip implementations reported of many members, bad load and long runs, staged here. Each name is the thread. */
@Tag("simulation")
class ReportedAtScaleTest {
    private final Simulation simulation = new Simulation(46);

    @Test
    @DisplayName("hashicorp/consul#1212: a starved member gives up healthy ones, and nobody can tell why")
    void aStarvedMemberGivesUpNobodyAndTheTrailSaysWhy() {
        Scenarios.Stall stall = Scenarios.stall(simulation, 30, 4, 10 * SECOND, 60 * SECOND);
        List<WhyEntry> trail = simulation.nodes.stream()
                .flatMap(node -> simulation.nodes.stream().flatMap(other -> node.core().why(other.nodeId()).stream()))
                .toList();

        assertThat(stall.healthy().failed()).isZero();
        assertThat(trail)
                .extracting(WhyEntry::step)
                .contains(WhyEntry.Step.BLAMED_SELF, WhyEntry.Step.PROBE_FAILED, WhyEntry.Step.CONFIRMED);
        assertThat(trail)
                .filteredOn(entry -> entry.step() == WhyEntry.Step.PROBE_FAILED)
                .allMatch(entry ->
                        entry.by().startsWith("node-") && entry.detail().contains("relays"));
    }

    @Test
    @DisplayName("metallb/metallb#589: a partition never heals, both sides go on alone")
    void aPartitionLongerThanAnyMemoryOfGossipHeals() {
        assertThat(Scenarios.partition(simulation, 6, 3, 3_600 * SECOND)).isLessThanOrEqualTo(15);
    }

    @Test
    @DisplayName("hashicorp/memberlist#253: members that left are never forgotten, until nobody can join")
    void whoLeftIsForgottenAndOthersMayCome() {
        List<SimNode> nodes = simulation.established(6);
        for (SimNode leaver : nodes.subList(3, 6)) {
            leaver.leave();
            simulation.runFor(2 * SECOND);
            leaver.crash();
        }
        simulation.runFor(Tombstones.KEPT + 120 * SECOND);
        SimNode newcomer = simulation.add("newcomer");
        newcomer.boot();
        newcomer.join(nodes.subList(0, 3));
        simulation.until("it is in", 5 * SECOND, () -> simulation.complete() && simulation.agreed());

        assertThat(nodes.subList(0, 3)).allMatch(node -> node.core().table().size() == 3);
    }

    @Test
    @DisplayName("hashicorp/memberlist#243: with 2,500 members two or three cores are busy")
    void aPacketCostsTheSameInAClusterOfAnySize() {
        // Allocation stands for work here: unlike time it is the same on a busy machine.
        assertThat(bytesPerPacket(10_000)).isLessThan(1.2 * bytesPerPacket(100));
    }

    private static double bytesPerPacket(int members) {
        Simulation simulation = new Simulation(1);
        List<SimNode> nodes = simulation.established(members);
        SimNode receiver = nodes.getFirst();
        byte[] ping = Samples.encode(
                Swim.clusterTag(Simulation.CLUSTER),
                nodes.get(1).core().self().instance(),
                receiver.core().self().instance(),
                receiver.core().status().viewHash(),
                new Message.Ping(7),
                List.of());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        int packets = 5_000;
        for (int i = 0; i < 2 * packets; i++) {
            if (i == packets) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            receiver.core().packet(Duration.ofMillis(1), nodes.get(1).address(), ping);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) packets;
    }

    @Test
    @DisplayName("hashicorp/consul#7960: queues of news grow without bound")
    void whenEverybodyChangesAtOnceQueuesStaySmallAndEmptyThemselves() {
        List<SimNode> nodes = simulation.established(300);
        simulation.runFor(3 * SECOND);
        for (int generation = 2; generation < 12; generation++) {
            for (SimNode node : nodes) {
                node.configure(Profiles.DEFAULT, generation);
            }
            simulation.runFor(100 * MILLI);
            assertThat(nodes).allMatch(node -> node.core().status().queuedUpdates() <= 300);
        }
        simulation.until(
                "all news is passed on",
                30 * SECOND,
                () -> nodes.stream().allMatch(node -> node.core().status().queuedUpdates() == 0));
        simulation.until("equal views", 10 * SECOND, simulation::agreed);
    }

    @Test
    @DisplayName("prometheus/alertmanager#1412: what does not fit into a packet is never gossiped")
    void theLargestMemberFitsIntoEveryPacket() {
        MemberRecord largest = Samples.largest();
        int update = UpdateCodec.encode(new Update.Alive(largest)).length;
        byte[] notMe = Samples.encode(1, 2, 3, 4, new Message.NotMe(largest), List.of());
        byte[] errand = Samples.encode(
                1, 2, 3, 4, new Message.PingRequest(Long.MAX_VALUE >> 1, 5, largest.endpoint(), 65_535), List.of());

        assertThat(notMe.length).isLessThanOrEqualTo(Wire.MAX_PACKET);
        assertThat(errand.length
                        + UpdateCodec.encode(
                                        new Update.Suspect(1, MemberRecord.MAX_INCARNATION, List.of(1L, 2L, 3L, 4L)))
                                .length
                        + update)
                .as("with an accusation and one piece of news")
                .isLessThanOrEqualTo(Wire.MAX_PACKET);
    }

    @Test
    @DisplayName("superfly/corrosion#460: packets larger than the tunnel's MTU vanish")
    void noDatagramIsLargerThanTheBudget() {
        simulation.keyring = Optional.of(Chaos.keys("a"));
        // Each datagram is measured when it is sent: I7.
        assertThat(Scenarios.massRestart(simulation, 200)).isLessThanOrEqualTo(10);
        assertThat(simulation.largestDatagram()).isBetween(Wire.MAX_DATAGRAM / 2, Wire.MAX_DATAGRAM);
    }

    @Test
    @DisplayName("grafana/loki#9723: a joiner dials all addresses of a huge cluster")
    void aJoinerAsksAHandful() {
        Swim swim =
                new Swim(Duration.ZERO, Simulation.CLUSTER, Samples.DEMO_0, Profiles.DEFAULT, new SplittableRandom(1));
        List<Endpoint> thousand = IntStream.range(1, 1_001)
                .mapToObj(i -> Endpoint.ofIpv4(i, 7947))
                .toList();

        assertThat(swim.join(Duration.ZERO, thousand)).hasSizeBetween(3, 12);
    }

    @Test
    @DisplayName("prometheus/alertmanager#1449: an empty answer of the name server at the start makes islands")
    void islandsMergeWhenTheNamesResolve() {
        List<SimNode> nodes =
                IntStream.range(0, 6).mapToObj(i -> simulation.add("node-" + i)).toList();
        nodes.forEach(SimNode::boot);
        nodes.subList(0, 3).forEach(node -> node.join(nodes.subList(0, 3)));
        nodes.subList(3, 6).forEach(node -> node.join(nodes.subList(3, 6)));
        simulation.runFor(120 * SECOND);
        assertThat(simulation.agreed()).isFalse();

        nodes.get(4).join(nodes);
        long took = simulation.until("one view", 60 * SECOND, () -> simulation.complete() && simulation.agreed());
        assertThat(took).isLessThanOrEqualTo(30 * SECOND);
    }

    @Test
    @DisplayName("hashicorp/consul#18396: a change of the gossip key makes the cluster flap")
    void aKeyIsReplacedNodeByNode() {
        simulation.keyring = Optional.of(Chaos.keys("a"));
        List<SimNode> nodes = simulation.established(12);
        for (String keys : List.of("ab", "ba", "b")) {
            for (SimNode node : nodes) {
                node.rekey(Chaos.keys(keys));
                simulation.runFor(SECOND);
            }
        }

        assertThat(simulation.changes).isEmpty();
        assertThat(nodes).allMatch(node -> node.refused().isEmpty());
    }

    @Test
    @DisplayName("scalecube/scalecube-cluster#117: updates of what a member says of itself overtake each other")
    void theLastWordStays() {
        simulation.maxLatency = 400 * MILLI;
        List<SimNode> nodes = simulation.established(20);
        simulation.runFor(3 * SECOND);
        for (int generation = 2; generation <= 30; generation++) {
            nodes.get(7).configure(Profiles.DEFAULT, generation);
            simulation.runFor(20 * MILLI);
        }
        simulation.until("equal views", 10 * SECOND, simulation::agreed);

        assertThat(nodes)
                .allMatch(node -> node.core().members().stream()
                        .filter(member -> member.nodeId().equals("node-7"))
                        .allMatch(member ->
                                member.modes().orElseThrow().configGeneration().orElse(0) == 30));
    }

    @Test
    @DisplayName("al8n/memberlist#165: probes of a node in doubt of itself overlap")
    void whoDoubtsItselfProbesLessNotMore() {
        List<SimNode> nodes = simulation.established(20);
        simulation.runFor(20 * SECOND);
        long healthy = nodes.get(3).packetsSent();
        simulation.cut = (from, to) -> from == nodes.get(3) || to == nodes.get(3);
        simulation.runFor(20 * SECOND);
        long first = nodes.get(3).packetsSent();
        simulation.runFor(20 * SECOND);
        // A ping and three requests to relays instead of a ping and an answer, but nine times as rarely.
        assertThat(nodes.get(3).packetsSent() - first).isLessThan(healthy / 2);
    }

    @Test
    @DisplayName("hashicorp/serf#627: an isolated node shows half of its peers alive")
    void anIsolatedNodeSaysSo() {
        List<SimNode> nodes = simulation.established(10);
        simulation.runFor(3 * SECOND);
        simulation.cut = (from, to) -> from == nodes.get(3) || to == nodes.get(3);
        List<Long> alive = new ArrayList<>();
        simulation.until("isolated", 15 * SECOND, () -> {
            alive.add((long) nodes.get(3).core().status().alive());
            return nodes.get(3).core().status().isolated();
        });

        assertThat(alive).containsOnly(10L);
        assertThat(simulation.changes)
                .filteredOn(change -> change.viewer() == nodes.get(3))
                .noneMatch(change -> change.event().change() == Change.FAILED);
        assertThat(nodes.get(3).holds(nodes.get(4))).isEqualTo(MemberState.ALIVE);
    }
}
