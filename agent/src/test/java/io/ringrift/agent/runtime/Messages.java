package io.ringrift.agent.runtime;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage;
import io.ringrift.agent.consensus.bully.BullyStatus;
import io.ringrift.agent.consensus.raft.PeerId;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.coordinator.Message;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.Ports;
import io.ringrift.agent.membership.http.PollMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One message of every kind. */
final class Messages {
    private static final PeerId PEER = new PeerId("demo-0", "0123abcd");

    private Messages() {}

    static Stream<Message> ofEveryKind() {
        return Stream.of(
                        new Body.Polling(new PollMessage.Poll("0123456789abcdef")),
                        new Body.Polling(new PollMessage.PollAnswer(
                                "", List.of(new PollMessage.Hint("c", new Address("fe80::1", 8770))))),
                        new Body.Polling(new PollMessage.Goodbye()),
                        new Body.Bully(new BullyMessage.Election(3)),
                        new Body.Bully(new BullyMessage.ElectionAnswer(3, BullyMessage.Vote.GO)),
                        new Body.Bully(new BullyMessage.Coordinator(31, 30, Source.RAFT)),
                        new Body.Bully(new BullyMessage.Heartbeat(31, 1, Source.BULLY)),
                        new Body.Bully(new BullyMessage.Acknowledgement(31, 1, BullyMessage.Outcome.ACCEPTED)),
                        new Body.Bully(new BullyMessage.StepDown(31, Optional.of("c"))),
                        new Body.Bully(new BullyMessage.StepDown(31, Optional.empty())),
                        new Body.Hello(),
                        new Body.Noted(),
                        new Body.NotMe(),
                        new Body.Superseded(1_790_000_000_000L, true))
                .map(Messages::with);
    }

    static Message with(Body body) {
        return new Message(
                "default/demo",
                new Message.Sender(
                        new Identity("demo-0", -2, 1_790_000_000_000L),
                        Optional.of("10.0.0.1"),
                        new Ports(8770, 7947, 4321),
                        new Member.Modes(MembershipMode.HTTP, ConsensusMode.BULLY, OptionalLong.of(12)),
                        new BullyStatus(-5, 31, false, true, 30, Source.RAFT, true),
                        new VoterStatus(Optional.of(PEER), 1, List.of(PEER), true, false)),
                new Message.Target(Optional.of("demo-1"), OptionalLong.of(255)),
                body);
    }
}
