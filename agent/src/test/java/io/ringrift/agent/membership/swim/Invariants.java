package io.ringrift.agent.membership.swim;

import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.swim.SwimEffect.Change;
import io.ringrift.agent.membership.swim.SwimEffect.MemberChanged;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold after every single event, whatever happens to the network.
 *
 * <ul>
 *   <li>I1: the incarnation held of a member never goes back.
 *   <li>I2: nobody is back from FAILED but by its own, higher incarnation; LEFT is final for an instance.
 *   <li>I3: nobody but the member itself makes its incarnations.
 *   <li>I4: a member that is gone is FAILED in every connected view within the bound of the settings ({@link Chaos}, in peace).
 *   <li>I5: a member to which nothing happened is never FAILED, while there are four such: of fewer, one that hears nobody may be right.
 *   <li>I6: in peace all views become equal ({@link Chaos}).
 *   <li>I7: every packet fits the budget and its own decoder takes it.
 *   <li>I8: queues, timers and tables stay bounded.
 *   <li>I9: the events about a member follow each other as they may.
 *   <li>I10: a packet of another cluster or for another instance changes nothing.
 *   <li>I11: no sealed packet is taken twice.
 * </ul>
 */
final class Invariants {
    private static final Set<Change> ENDS = EnumSet.of(Change.FAILED, Change.LEFT);

    private final Simulation simulation;
    private final Map<String, Held> held = new HashMap<>();

    private final Map<String, List<SimNode>> byName = new HashMap<>();
    private int indexed;
    /** Until when something that happened to a node may still show; without a watch I5 is not looked at. */
    private final Map<SimNode, Long> excused = new HashMap<>();

    private boolean watched;

    private record Held(Swim view, long incarnation, Change last, long at) {}

    Invariants(Simulation simulation) {
        this.simulation = simulation;
    }

    /** I7: nothing leaves that is too large or that its own decoder would not take. */
    void sent(SimNode sender, byte[] packet, byte[] datagram) {
        boolean readable =
                PacketCodec.read(packet, Swim.clusterTag(sender.clusterName())) instanceof PacketCodec.Decoded.Good;
        if (datagram.length > Wire.MAX_DATAGRAM || !readable) {
            throw simulation.failure(
                    "I7: a packet of " + datagram.length + " bytes, readable: " + readable + ", from " + sender);
        }
    }

    /** From now on a death is an error unless it was excused. */
    void watchTheInnocent() {
        watched = true;
    }

    /** Something happens to a node; until then it may be held dead, and it may itself be wrong. */
    void excuse(SimNode node, long until) {
        excused.merge(node, until, Math::max);
    }

    private boolean innocent(SimNode node) {
        return excused.getOrDefault(node, Long.MIN_VALUE) < simulation.now();
    }

    private boolean tooFewToTell(SimNode viewer) {
        return simulation.nodes.stream()
                        .filter(node -> node.clusterName().equals(viewer.clusterName()) && innocent(node))
                        .count()
                < 4;
    }

    /** I10: called after a packet was handed in. */
    void taken(SimNode node, byte[] packet, long hashBefore) {
        ByteBuffer header = ByteBuffer.wrap(packet);
        boolean meant = packet.length >= Wire.HEADER
                && header.getInt(4) == Swim.clusterTag(node.clusterName())
                && (header.getLong(16) == node.core().self().instance() || header.get(2) == Wire.JOIN);
        if (!meant && hashBefore != node.core().table().hash()) {
            throw simulation.failure("I10: a packet that was not for " + node + " changed its view");
        }
    }

    /** I11. */
    void openedTwice(SimNode node) {
        throw simulation.failure("I11: " + node + " took a sealed packet twice");
    }

    /** I8: looked at every now and then, and the peace ends with less. */
    void bounded(SimNode node) {
        SwimStatus status = node.core().status();
        int known = node.core().table().size();
        // News of a node's former instance may still be on its way when its new one is known.
        if (status.queuedUpdates() > 2 * (known + 1) || status.timers() > 3 * Errands.CAPACITY + 8 * known + 64) {
            throw simulation.failure("I8: " + node + " knows " + known + " members and holds " + status);
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
                            || event.change() == Change.RESTARTED
                            || member.incarnation() > before.incarnation(),
                    "I2: back from FAILED without a new incarnation",
                    key,
                    event);
            check(
                    follows(before, event.change(), member.incarnation()),
                    "I9: " + before.last() + " before",
                    key,
                    event);
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
        if (watched && event.change() == Change.FAILED) {
            check(
                    !innocent(viewer) || !subjects.stream().allMatch(this::innocent) || tooFewToTell(viewer),
                    "I5: a death without a cause",
                    key,
                    event);
        }
        held.put(key, new Held(viewer.core(), member.incarnation(), event.change(), simulation.now()));
    }

    private boolean follows(Held held, Change change, long incarnation) {
        Change before = held.last();
        return switch (change) {
            // Who said goodbye is back only as another instance, or when it has been forgotten.
            case JOINED ->
                before == Change.FAILED
                        || before == Change.LEFT
                                && (incarnation > held.incarnation()
                                        || simulation.now() - held.at() >= Tombstones.KEPT);
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
            throw simulation.failure(invariant + ", " + key + ": " + event);
        }
    }
}
