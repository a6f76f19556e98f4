package io.ringrift.agent.coordinator;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.consensus.bully.BullyEffect;
import io.ringrift.agent.consensus.bully.BullyStatus;
import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.consensus.raft.RaftOrder;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Collects effects and writes sender and target on every message. */
final class Outbox {
    /** Long enough for a slow peer, shorter than the interval of a leader's heartbeats. */
    private static final Duration TIMEOUT = Duration.ofMillis(1_800);

    private final OwnRun own;
    private final Directory directory;
    private final Supplier<Letterhead> letterhead;
    private final Map<Long, Message.Target> open = new HashMap<>();
    private List<Effect> effects = new ArrayList<>();

    /** What a message says of its sender beside the identity. */
    record Letterhead(AgentConfig config, BullyStatus election, VoterStatus raft) {}

    Outbox(OwnRun own, Directory directory, Supplier<Letterhead> letterhead) {
        this.own = own;
        this.directory = directory;
        this.letterhead = letterhead;
    }

    List<Effect> drain() {
        List<Effect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }

    /** Remembers who asked until the exchange is answered. */
    void open(long exchange, Identity asker) {
        open.put(exchange, target(asker));
    }

    void reply(long exchange, Body body) {
        Message.Target to = open.remove(exchange);
        if (to != null) {
            effects.add(new Effect.Reply(exchange, message(to, body)));
        }
    }

    void drop(long exchange, DropReason reason) {
        open.remove(exchange);
        effects.add(new Effect.Drop(exchange, reason));
    }

    void send(String nodeId, Body body) {
        directory.nextAddress(nodeId).ifPresent(address -> ask(Optional.of(nodeId), address, body, TIMEOUT));
    }

    void ask(Optional<String> nodeId, Address address, Body body, Duration timeout) {
        OptionalLong instance = nodeId.map(directory::instance).orElse(OptionalLong.empty());
        Message message = message(new Message.Target(nodeId, instance), body);
        effects.add(new Effect.Send(nodeId, address, message, timeout));
    }

    void resolve(String host) {
        effects.add(new Effect.Resolve(host));
    }

    void seeds(Effect.Seeds seeds) {
        effects.add(seeds);
    }

    void persistRaftOnly(boolean raftOnly) {
        effects.add(new Effect.PersistRaftOnly(raftOnly));
    }

    void raft(RaftOrder order) {
        effects.add(new Effect.Raft(order));
    }

    void emit(AgentEvent event) {
        effects.add(new Effect.Emit(event));
    }

    void complain(String sentence) {
        effects.add(new Effect.Complain(sentence));
    }

    void bully(List<BullyEffect> wanted) {
        for (BullyEffect effect : wanted) {
            switch (effect) {
                case BullyEffect.Send(String nodeId, var message) -> send(nodeId, new Body.Bully(message));
                case BullyEffect.Reply(long exchange, var message) -> reply(exchange, new Body.Bully(message));
                case BullyEffect.Persist(Remembered promise) -> effects.add(new Effect.Persist(promise));
            }
        }
    }

    private Message message(Message.Target to, Body body) {
        Letterhead says = letterhead.get();
        AgentConfig.Network network = says.config.network();
        Ports ports = new Ports(network.httpPort(), network.swimPort(), network.raftPort());
        Message.Sender from = new Message.Sender(
                own.identity(), network.advertiseHost(), ports, Member.Modes.of(says.config), says.election, says.raft);
        return new Message(says.config.clusterName(), from, to, body);
    }

    private static Message.Target target(Identity asker) {
        return new Message.Target(Optional.of(asker.nodeId()), OptionalLong.of(asker.instanceId()));
    }
}
