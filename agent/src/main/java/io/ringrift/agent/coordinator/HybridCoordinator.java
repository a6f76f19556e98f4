package io.ringrift.agent.coordinator;

import static io.ringrift.agent.time.Durations.min;

import io.ringrift.agent.config.AgentConfig;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.raft.RaftReport;
import io.ringrift.agent.coordinator.AgentView.SwimView;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.HttpMembership;
import io.ringrift.agent.membership.http.PollEffect;
import io.ringrift.agent.membership.http.PollMessage;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The agent's one decision maker: joins membership, elections, modes and configuration. Who lives and who leads is answered from
 * here alone.
 *
 * <p>Pure: inputs and the time since the process started go in, effects come out, to be carried out in their order. Call
 * {@link #tick} whenever {@link #nextDeadline} has come. Not thread-safe.
 */
public final class HybridCoordinator {
    private final OwnRun own;
    private final Directory directory = new Directory();
    private final FailureDetector swim;
    private final HttpMembership http;
    private final MembershipRouter membership;
    private final LeadershipRouter leadership;
    private final SwimSeeds seeds;
    private final RaftSide raft;
    private final Outbox outbox;
    private final Conversation conversation;
    private AgentConfig config;
    private ConfigStatus configStatus;
    private SwimBasis swimBasis;
    private SwimView swimView;

    /** What is shown of SWIM follows from this; a view is made for every input, and mostly none of it has changed. */
    private record SwimBasis(AgentConfig config, Identity self, long version, Optional<String> trouble) {}

    /**
     * @param swim what SWIM says; may run on another thread, and {@link #tick} is wanted when it says something new
     * @param random jitters the timers
     */
    public HybridCoordinator(
            Boot boot,
            AgentConfig config,
            ConfigStatus configStatus,
            FailureDetector swim,
            RandomGenerator random,
            Duration now) {
        this.config = config;
        this.configStatus = configStatus;
        this.swim = swim;
        own = new OwnRun(new Identity(config.nodeId(), boot.instanceId(), boot.incarnation()));
        http = new HttpMembership(config.nodeId(), directory, config.http(), now);
        membership = new MembershipRouter(http, swim);
        seeds = new SwimSeeds(config.nodeId(), directory, http, swim);
        Bully bully = new Bully(own.identity(), boot.remembered(), random, now);
        outbox = new Outbox(own, directory, this::letterhead);
        raft = new RaftSide(config, boot.raftOnly(), bully, directory, outbox);
        leadership = new LeadershipRouter(config.nodeId(), bully, raft);
        conversation = new Conversation(own, directory, http, membership.table(), bully, raft, outbox, random);
        apply(now);
        if (config.consensusMode() == ConsensusMode.BULLY) {
            // So from the start, hence no news.
            leadership.observe(config.consensusMode(), now);
        }
    }

    /** Applies a valid configuration. What cannot change while running was refused before. */
    public List<Effect> configure(AgentConfig changed, ConfigStatus status, Duration now) {
        config = changed;
        configStatus = status;
        apply(now);
        outbox.emit(new AgentEvent.ConfigChanged(status, now));
        return settle(now);
    }

    /** Notes that a change of the configuration was refused; the running one stays. */
    public List<Effect> configRefused(ConfigStatus status, Duration now) {
        configStatus = status;
        outbox.emit(new AgentEvent.ConfigChanged(status, now));
        return outbox.drain();
    }

    /**
     * Takes a request.
     *
     * @param exchange above 0; exactly one Reply or Drop with this number ends it, now or later
     * @param remoteHost whence it came
     */
    public List<Effect> receive(long exchange, Message message, String remoteHost, Duration now) {
        if (isOfThisCluster(message)) {
            conversation.receive(exchange, message, remoteHost, now);
        } else {
            outbox.drop(exchange, DropReason.FOREIGN_CLUSTER);
        }
        return settle(now);
    }

    /**
     * Takes the answer to a request.
     *
     * @param sent the effect that asked for it
     */
    public List<Effect> answered(Effect.Send sent, Message answer, Duration now) {
        if (isOfThisCluster(answer)) {
            conversation.answered(sent, answer, now);
        } else {
            outbox.drop(0, DropReason.FOREIGN_CLUSTER);
        }
        return settle(now);
    }

    /** The disk's answer to {@link Effect.Persist}; {@code durable} false: it could not be written, nothing is promised. */
    public List<Effect> persisted(long epoch, boolean durable, Duration now) {
        outbox.bully(leadership.bully().persisted(epoch, durable, now));
        return settle(now);
    }

    /** The disk's answer to {@link Effect.PersistRaftOnly}; {@code durable} false: it could not be written. */
    public List<Effect> raftOnlyPersisted(boolean value, boolean durable, Duration now) {
        raft.raftOnlyPersisted(value, durable, now);
        return settle(now);
    }

    /** What this node's Raft peer says of itself now. */
    public List<Effect> raft(RaftReport report, Duration now) {
        raft.reported(report, now);
        return settle(now);
    }

    /**
     * Makes room for another leader, for as long as this run lasts: hands leadership over, which takes a moment in which this node goes on, and
     * stands no more while there is somebody else. It goes on to vote. Before {@link #leave}, or well before.
     */
    public List<Effect> retire(Duration now) {
        raft.retire(now);
        outbox.bully(leadership.bully().retire(now));
        return settle(now);
    }

    /** To whom this node would hand leadership over; empty where it does not lead, or nobody could take over. */
    public Optional<String> successor() {
        return leadership.successor();
    }

    /** Whether Raft takes this node for its leader. */
    public boolean leadsRaft() {
        return raft.leads();
    }

    /** The epoch under which this node acts because Raft elected it; its lease among the voters is not part of that. */
    public Optional<Long> actsForRaft() {
        return raft.acting();
    }

    /** The answer to {@link Effect.Resolve}; empty where it failed. */
    public List<Effect> resolved(String host, Collection<String> addresses, Duration now) {
        http.resolved(host, addresses, now);
        return settle(now);
    }

    /** Does what is due. */
    public List<Effect> tick(Duration now) {
        return settle(now);
    }

    /** When {@link #tick} is wanted next, if nothing comes in before. */
    public Duration nextDeadline() {
        Duration next = min(http.nextDeadline(), leadership.nextDeadline());
        return membership.nextDeadline().map(due -> min(due, next)).orElse(next);
    }

    /**
     * Says goodbye: gives leadership to a successor, then tells every peer that this node leaves. Afterwards this node neither
     * leads nor votes; stop it once the messages are out.
     */
    public List<Effect> leave(Duration now) {
        outbox.bully(leadership.bully().leave());
        directory.nodeIds().stream()
                .sorted()
                .forEach(nodeId -> outbox.send(nodeId, new Body.Polling(new PollMessage.Goodbye())));
        own.leave();
        tellLeadership(now);
        return outbox.drain();
    }

    /** Everything that is shown, as of now. */
    public AgentView view(Duration now) {
        MembershipTable table = membership.table();
        return new AgentView(
                now,
                own.identity().nodeId(),
                own.identity().incarnation(),
                config,
                configStatus,
                table.members(),
                table.viewHash(),
                http.joined(),
                leadership.current(now),
                leadership.leaderless(config.consensusMode(), now),
                leadership.leaseEnd(now).isPresent(),
                leadership.bully().status().retired(),
                swimView(),
                raft.view(leadership.current(now)),
                membership.fallback(),
                leadership.fallback());
    }

    /** Who leads, as far as this node may say at this moment: what {@link #view} shows, without the rest. */
    public Leadership leadership(Duration now) {
        return leadership.current(now);
    }

    /** The end of this node's own lease as leader, in time since this process started; empty where it does not lead now. */
    public Optional<Duration> leaseEnd(Duration now) {
        return leadership.leaseEnd(now);
    }

    private boolean isOfThisCluster(Message message) {
        return message.cluster().equals(config.clusterName());
    }

    private void apply(Duration now) {
        http.configure(config.peers(), config.http(), config.network().httpPort(), now);
        leadership.configure(config);
    }

    /** Brings everything in line after an input, and does what is due. */
    private List<Effect> settle(Duration now) {
        if (membership.observe(config.membershipMode(), now)) {
            outbox.emit(new AgentEvent.FallbackChanged(AgentEvent.Protocol.MEMBERSHIP, membership.fallback(), now));
        }
        if (http.nextDeadline().compareTo(now) <= 0) {
            http.tick(now).forEach(this::poll);
        }
        seeds.news(membership).ifPresent(outbox::seeds);
        membership
                .refresh(config.membershipMode(), self(membership.source(config.membershipMode())), now)
                .forEach(change -> outbox.emit(event(change, now)));
        if (leadership.observe(config.consensusMode(), now)) {
            outbox.emit(new AgentEvent.FallbackChanged(AgentEvent.Protocol.CONSENSUS, leadership.fallback(), now));
        }
        outbox.bully(leadership.settle(config.consensusMode(), own.takesPart(), membership.table(), http, now));
        tellLeadership(now);
        return outbox.drain();
    }

    private void tellLeadership(Duration now) {
        leadership.news(now).ifPresent(news -> outbox.emit(new AgentEvent.LeaderChanged(news, now)));
    }

    private void poll(PollEffect effect) {
        switch (effect) {
            case PollEffect.Resolve(String host) -> outbox.resolve(host);
            case PollEffect.Ask(Optional<String> nodeId, Address address, Duration timeout) ->
                outbox.ask(
                        nodeId,
                        address,
                        new Body.Polling(new PollMessage.Poll(membership.table().viewHash())),
                        timeout);
        }
    }

    private static AgentEvent event(MembershipTable.Change change, Duration now) {
        Member member = change.member();
        return new AgentEvent.MemberChanged(
                member.nodeId(),
                member.state(),
                change.previous(),
                member.incarnation(),
                change.accusers(),
                member.source(),
                now);
    }

    private Verdict self(Member.Source source) {
        return new Verdict(
                own.identity().nodeId(),
                MemberState.ALIVE,
                Duration.ZERO,
                source,
                true,
                config.network()
                        .advertiseHost()
                        .map(host -> new Address(host, config.network().httpPort())),
                own.identity().incarnation(),
                Optional.of(Member.Modes.of(config)),
                List.of(),
                false);
    }

    private SwimView swimView() {
        SwimBasis current = new SwimBasis(config, own.identity(), swim.version(), swim.unavailable());
        if (!current.equals(swimBasis)) {
            swimBasis = current;
            swimView = config.swim().enabled()
                    ? new SwimView(true, current.trouble.isEmpty(), current.trouble, swimMembers())
                    : new SwimView(false, false, Optional.of("SWIM is off"), List.of());
        }
        return swimView;
    }

    private List<Member> swimMembers() {
        return Stream.concat(Stream.of(self(Member.Source.SWIM)), swim.verdicts().stream())
                .sorted(Comparator.comparing(Verdict::nodeId))
                .map(Verdict::member)
                .toList();
    }

    private Outbox.Letterhead letterhead() {
        return new Outbox.Letterhead(config, leadership.bully().status(), raft.status());
    }
}
