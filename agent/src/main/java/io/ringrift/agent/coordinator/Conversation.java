package io.ringrift.agent.coordinator;

import io.ringrift.agent.consensus.bully.Bully;
import io.ringrift.agent.consensus.bully.BullyMessage;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Directory;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.MembershipTable;
import io.ringrift.agent.membership.Sighting;
import io.ringrift.agent.membership.http.HttpMembership;
import io.ringrift.agent.membership.http.PollMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Decides whether a message counts, and hands what it says to whom it concerns. */
final class Conversation {
    private final OwnRun own;
    private final Directory directory;
    private final HttpMembership http;
    private final MembershipTable table;
    private final Bully bully;
    private final RaftSide raft;
    private final Outbox outbox;
    private final RandomGenerator random;

    Conversation(
            OwnRun own,
            Directory directory,
            HttpMembership http,
            MembershipTable table,
            Bully bully,
            RaftSide raft,
            Outbox outbox,
            RandomGenerator random) {
        this.own = own;
        this.directory = directory;
        this.http = http;
        this.table = table;
        this.bully = bully;
        this.raft = raft;
        this.outbox = outbox;
        this.random = random;
    }

    /** Takes a request of this cluster. */
    void receive(long exchange, Message message, String remoteHost, Duration now) {
        Identity sender = message.from().identity();
        outbox.open(exchange, sender);
        if (isOwnNode(sender)) {
            fromNamesake(exchange, sender, now);
            return;
        }
        Optional<DropReason> refusal = admit(message, remoteHost, true, now);
        if (refusal.equals(Optional.of(DropReason.OLDER_RUN))) {
            outbox.reply(exchange, supersededBy(sender.nodeId()));
            outbox.drop(0, DropReason.OLDER_RUN);
        } else if (refusal.isPresent()) {
            outbox.drop(exchange, refusal.get());
        } else if (isForAnother(message)) {
            outbox.reply(exchange, new Body.NotMe());
        } else {
            takeRequest(exchange, message, now);
        }
    }

    /** Takes an answer of this cluster. */
    void answered(Effect.Send sent, Message answer, Duration now) {
        Identity answerer = answer.from().identity();
        if (!isForThisRun(answer)) {
            outbox.drop(0, DropReason.NOT_FOR_ME);
            return;
        }
        if (sent.expected().isEmpty()) {
            http.answeredAt(sent.to(), answerer.nodeId());
        }
        sent.expected()
                .filter(nodeId -> !nodeId.equals(answerer.nodeId()))
                .ifPresent(nodeId -> directory.notAt(nodeId, sent.to()));
        if (isOwnNode(answerer)) {
            if (answer.body() instanceof Body.Superseded(long incarnation, boolean alive)) {
                superseded(incarnation, alive);
            }
            return;
        }
        Optional<DropReason> refusal = admit(answer, sent.to().host(), false, now);
        if (refusal.isPresent()) {
            outbox.drop(0, refusal.get());
        } else {
            takeAnswer(answer, now);
        }
    }

    // ---- who speaks

    private boolean isOwnNode(Identity sender) {
        return sender.nodeId().equals(own.identity().nodeId());
    }

    private boolean isForThisRun(Message message) {
        return message.to().nodeId().filter(own.identity().nodeId()::equals).isPresent()
                && message.to()
                        .instanceId()
                        .equals(OptionalLong.of(own.identity().instanceId()));
    }

    private boolean isForAnother(Message message) {
        OptionalLong instance = message.to().instanceId();
        return message.to()
                        .nodeId()
                        .filter(nodeId -> !nodeId.equals(own.identity().nodeId()))
                        .isPresent()
                || instance.isPresent()
                        && instance.getAsLong() != own.identity().instanceId();
    }

    /** A request under this node's own id: its own poll that came back by a shared name, or another run of it. */
    private void fromNamesake(long exchange, Identity other, Duration now) {
        if (!other.isAnotherRunOf(own.identity())) {
            outbox.reply(exchange, new Body.Noted());
        } else if (other.isNewerThan(own.identity())) {
            superseded(other.incarnation(), true);
            outbox.reply(exchange, new Body.NotMe());
        } else {
            outbox.reply(exchange, new Body.Superseded(own.identity().incarnation(), true));
        }
    }

    /** Takes the sender for alive, unless a newer run of it is known or it does not fit. */
    private Optional<DropReason> admit(Message message, String remoteHost, boolean asked, Duration now) {
        Message.Sender from = message.from();
        Identity identity = from.identity();
        Address address =
                new Address(from.host().orElse(remoteHost), from.ports().http());
        OptionalLong before = directory.instance(identity.nodeId());
        Directory.Admission admission = directory.admit(new Sighting(identity, address, from.ports(), from.modes()));
        switch (admission) {
            case OLDER_RUN -> {
                return Optional.of(DropReason.OLDER_RUN);
            }
            case FULL -> {
                return Optional.of(DropReason.TABLE_FULL);
            }
            case NEWER_RUN_SAME_ADDRESS -> before.ifPresent(instance -> bully.gone(identity.nodeId(), instance, now));
            case KNOWN, CHANGED, FIRST_HEARD, NEWER_RUN -> {}
        }
        http.heard(identity.nodeId(), admission, asked, now);
        raft.heard(identity.nodeId(), from.raft());
        outbox.bully(
                bully.heard(identity.nodeId(), identity.instanceId(), from.election(), isForThisRun(message), now));
        return Optional.empty();
    }

    private Body supersededBy(String nodeId) {
        long newest = directory
                .sighting(nodeId)
                .map(seen -> seen.identity().incarnation())
                .orElse(0L);
        boolean alive = table.member(nodeId)
                .map(Member::state)
                .filter(state -> state == MemberState.ALIVE || state == MemberState.SUSPECTED)
                .isPresent();
        return new Body.Superseded(newest, alive);
    }

    private void superseded(long incarnation, boolean alive) {
        String nodeId = own.identity().nodeId();
        if (alive && own.supersede()) {
            outbox.complain("Another agent runs as " + nodeId
                    + " and started later: this one neither leads nor votes. Node ids must be unique in the cluster.");
        } else if (!alive && own.succeed(incarnation)) {
            outbox.complain("The other agent that ran as " + nodeId + " is gone: this one takes part again.");
        }
    }

    // ---- what is said

    private void takeRequest(long exchange, Message message, Duration now) {
        Identity sender = message.from().identity();
        switch (message.body()) {
            case Body.Polling(PollMessage.Poll poll) -> outbox.reply(exchange, pollAnswer(poll));
            case Body.Polling(PollMessage.Goodbye goodbye) -> {
                http.left(sender.nodeId(), now);
                bully.gone(sender.nodeId(), sender.instanceId(), now);
                outbox.reply(exchange, new Body.Noted());
            }
            case Body.Bully(BullyMessage.StepDown stepDown) -> {
                election(exchange, sender, stepDown, now);
                outbox.reply(exchange, new Body.Noted());
            }
            case Body.Bully(BullyMessage.Election election) -> election(exchange, sender, election, now);
            case Body.Bully(BullyMessage.Coordinator claim) -> election(exchange, sender, claim, now);
            case Body.Bully(BullyMessage.Heartbeat heartbeat) -> election(exchange, sender, heartbeat, now);
            case Body.Polling(PollMessage.PollAnswer answer) -> outOfPlace(exchange);
            case Body.Bully(BullyMessage.ElectionAnswer answer) -> outOfPlace(exchange);
            case Body.Bully(BullyMessage.Acknowledgement answer) -> outOfPlace(exchange);
            case Body.Hello hello -> outbox.reply(exchange, new Body.Noted());
            case Body.Noted noted -> outOfPlace(exchange);
            case Body.NotMe notMe -> outOfPlace(exchange);
            case Body.Superseded superseded -> outOfPlace(exchange);
        }
    }

    private void takeAnswer(Message message, Duration now) {
        Identity sender = message.from().identity();
        switch (message.body()) {
            case Body.Polling(PollMessage.PollAnswer answer) -> http.hinted(answer.members(), now);
            case Body.Bully(BullyMessage.ElectionAnswer answer) -> election(0, sender, answer, now);
            case Body.Bully(BullyMessage.Acknowledgement answer) -> election(0, sender, answer, now);
            case Body.Superseded(long incarnation, boolean alive) -> superseded(incarnation, alive);
            case Body.Noted noted -> {}
            case Body.NotMe notMe -> {}
            case Body.Hello hello -> outOfPlace(0);
            case Body.Polling(PollMessage.Poll poll) -> outOfPlace(0);
            case Body.Polling(PollMessage.Goodbye goodbye) -> outOfPlace(0);
            case Body.Bully(BullyMessage.Election election) -> outOfPlace(0);
            case Body.Bully(BullyMessage.Coordinator claim) -> outOfPlace(0);
            case Body.Bully(BullyMessage.Heartbeat heartbeat) -> outOfPlace(0);
            case Body.Bully(BullyMessage.StepDown stepDown) -> outOfPlace(0);
        }
    }

    private void election(long exchange, Identity sender, BullyMessage message, Duration now) {
        outbox.bully(bully.receive(sender.nodeId(), sender.instanceId(), exchange, message, now));
    }

    private void outOfPlace(long exchange) {
        outbox.drop(exchange, DropReason.OUT_OF_PLACE);
    }

    /** Names members only where the views differ, and then at most so many, from a place that varies. */
    private Body pollAnswer(PollMessage.Poll poll) {
        String viewHash = table.viewHash();
        if (poll.viewHash().equals(viewHash)) {
            return new Body.Polling(new PollMessage.PollAnswer(viewHash, List.of()));
        }
        List<PollMessage.Hint> living = table.members().stream()
                .filter(member -> member.state() == MemberState.ALIVE)
                .filter(member -> !member.nodeId().equals(own.identity().nodeId()))
                .flatMap(member -> directory.address(member.nodeId()).stream()
                        .map(address -> new PollMessage.Hint(member.nodeId(), address)))
                .toList();
        int first = living.size() > PollMessage.MAX_HINTS ? random.nextInt(living.size()) : 0;
        List<PollMessage.Hint> some = new ArrayList<>();
        for (int i = 0; i < Math.min(living.size(), PollMessage.MAX_HINTS); i++) {
            some.add(living.get((first + i) % living.size()));
        }
        return new Body.Polling(new PollMessage.PollAnswer(viewHash, some));
    }
}
