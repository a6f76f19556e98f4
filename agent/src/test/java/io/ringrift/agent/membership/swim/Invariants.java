package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import io.ringrift.agent.membership.swim.SwimEffect.MemberChanged;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold after every single event, whatever happens to the network. The numbers are those of the design. */
final class Invariants {
    private static final Set<Change> ENDS = EnumSet.of(Change.FAILED, Change.LEFT);

    private final Simulation simulation;
    private final Map<String, Held> held = new HashMap<>();

    private final Map<String, List<SimNode>> byName = new HashMap<>();
    private int indexed;

    private record Held(Swim view, long incarnation, Change last) {}

    Invariants(Simulation simulation) {
        this.simulation = simulation;
    }

    /** I7: nothing leaves that is too large or that its own decoder would not take. */
    void sent(SimNode sender, byte[] packet, byte[] datagram) {
        boolean readable =
                PacketCodec.read(packet, Swim.clusterTag(sender.clusterName())) instanceof PacketCodec.Decoded.Good;
        if (datagram.length > Wire.MAX_DATAGRAM || !readable) {
            throw new AssertionError("seed " + simulation.seed() + ": I7: a packet of " + datagram.length
                    + " bytes, readable: " + readable + ", from " + sender);
        }
    }

    void observe(SimNode viewer, MemberChanged event) {
        Member member = event.member();
        String key = viewer.clusterName() + " " + viewer + " about " + member.nodeId();
        Held before = held.get(key);
        if (before != null && before.view() != viewer.core()) {
            before = null;
        }
        List<SimNode> subjects = subjects(viewer.clusterName(), member.nodeId());
        check(!subjects.isEmpty(), "I10: a stranger entered the view", key, event);
        check(
                subjects.stream().anyMatch(subject -> member.incarnation() <= subject.maxIncarnation()),
                "I3: an incarnation that the subject never had",
                key,
                event);
        if (before != null) {
            check(member.incarnation() >= before.incarnation(), "I1: an incarnation went back", key, event);
            check(
                    before.last() != Change.FAILED
                            || event.change() == Change.FAILED
                            || member.incarnation() > before.incarnation(),
                    "I2: back from FAILED without a new incarnation",
                    key,
                    event);
            check(follows(before.last(), event.change()), "I9: " + before.last() + " before", key, event);
        } else {
            check(
                    EnumSet.of(
                                    Change.JOINED,
                                    Change.UPDATED,
                                    Change.SUSPECTED,
                                    Change.FAILED,
                                    Change.LEFT,
                                    Change.RESTARTED)
                            .contains(event.change()),
                    "I9: first event",
                    key,
                    event);
        }
        held.put(key, new Held(viewer.core(), member.incarnation(), event.change()));
    }

    private static boolean follows(Change before, Change change) {
        return switch (change) {
            case JOINED -> ENDS.contains(before);
            case RESTARTED -> true;
            case REFUTED -> before == Change.SUSPECTED || before == Change.UPDATED;
            case SUSPECTED, FAILED, UPDATED -> !ENDS.contains(before);
            case LEFT -> before != Change.LEFT;
        };
    }

    private List<SimNode> subjects(String clusterName, String nodeId) {
        for (; indexed < simulation.nodes.size(); indexed++) {
            SimNode node = simulation.nodes.get(indexed);
            byName.computeIfAbsent(node.clusterName() + " " + node.nodeId(), name -> new ArrayList<>())
                    .add(node);
        }
        return byName.getOrDefault(clusterName + " " + nodeId, List.of());
    }

    private void check(boolean holds, String invariant, String key, MemberChanged event) {
        if (!holds) {
            throw new AssertionError("seed " + simulation.seed() + " at " + simulation.now() / 1_000_000 + " ms: "
                    + invariant + ", " + key + ": " + event);
        }
    }
}
