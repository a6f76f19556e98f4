package io.ringrift.agent.runtime;

import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership;
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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Agents' messages as JSON, as docs/protocol.md has them. Unknown fields are passed over, so that a newer agent can say more;
 * anything else that is not as it should be makes the message no message.
 */
public final class MessageCodec {
    /** More voters than anybody should have. */
    private static final int MAX_FOUNDERS = 64;

    private MessageCodec() {}

    /** Writes a message. */
    public static JsonObject encode(Message message) {
        JsonObject to = new JsonObject();
        message.to().nodeId().ifPresent(nodeId -> to.put("node", nodeId));
        message.to().instanceId().ifPresent(instance -> to.put("instance", hex(instance)));
        JsonObject json = new JsonObject()
                .put("cluster", message.cluster())
                .put("from", sender(message.from()))
                .put("to", to);
        return body(message.body(), json);
    }

    /** Reads a message; empty where it is malformed. Never throws. */
    public static Optional<Message> decode(JsonObject json) {
        try {
            Fields fields = new Fields(json);
            Fields to = fields.object("to");
            return Optional.of(new Message(
                    fields.cluster("cluster"),
                    sender(fields.object("from")),
                    new Message.Target(to.optionalNodeId("node"), to.optionalInstance("instance")),
                    body(fields)));
        } catch (Malformed malformed) {
            return Optional.empty();
        }
    }

    private static JsonObject election(BullyStatus election) {
        JsonObject json = new JsonObject()
                .put("priority", election.priority())
                .put("epoch", election.epoch())
                .put("fresh", election.fresh())
                .put("claiming", election.claiming())
                .put("leads", election.leads())
                .put("source", election.source().token());
        // Agents of before do not know it.
        return election.retired() ? json.put("retired", true) : json;
    }

    private static JsonObject sender(Message.Sender sender) {
        JsonObject modes = new JsonObject()
                .put("membership", sender.modes().membership().token())
                .put("consensus", sender.modes().consensus().token());
        sender.modes().configGeneration().ifPresent(generation -> modes.put("generation", generation));
        JsonObject json = new JsonObject()
                .put("node", sender.identity().nodeId())
                .put("instance", hex(sender.identity().instanceId()))
                .put("incarnation", sender.identity().incarnation());
        sender.host().ifPresent(host -> json.put("host", host));
        return json.put(
                        "ports",
                        new JsonObject()
                                .put("http", sender.ports().http())
                                .put("swim", sender.ports().swim())
                                .put("raft", sender.ports().raft()))
                .put("modes", modes)
                .put("election", election(sender.election()))
                .put("raft", voter(sender.raft()));
    }

    private static JsonObject voter(VoterStatus raft) {
        JsonArray founders = new JsonArray();
        raft.founders().forEach(founder -> founders.add(founder.toString()));
        JsonObject json = new JsonObject()
                .put("incarnation", raft.incarnation())
                .put("founders", founders)
                .put("holds", raft.holds())
                .put("lost", raft.lost());
        raft.peer().ifPresent(peer -> json.put("peer", peer.toString()));
        return json;
    }

    private static VoterStatus voter(Fields raft) throws Malformed {
        List<PeerId> founders = new ArrayList<>();
        for (Object founder : raft.array("founders", MAX_FOUNDERS)) {
            founders.add(PeerId.parse(founder.toString()).orElseThrow(() -> new Malformed("founders")));
        }
        return new VoterStatus(
                raft.optionalPeer("peer"),
                raft.number("incarnation", 0),
                founders,
                raft.flag("holds"),
                raft.flag("lost"));
    }

    private static Message.Sender sender(Fields from) throws Malformed {
        Fields ports = from.object("ports");
        Fields modes = from.object("modes");
        Fields election = from.object("election");
        return new Message.Sender(
                new Identity(from.nodeId("node"), from.instance("instance"), from.number("incarnation", 0)),
                from.optionalHost("host"),
                new Ports(ports.port("http"), ports.port("swim"), ports.port("raft")),
                new Member.Modes(
                        modes.token("membership", MembershipMode.class),
                        modes.token("consensus", ConsensusMode.class),
                        modes.optionalNumber("generation", 0)),
                new BullyStatus(
                        election.anyNumber("priority"),
                        election.number("epoch", 0),
                        election.flag("fresh"),
                        election.flag("claiming"),
                        election.number("leads", 0),
                        election.token("source", Leadership.Source.class),
                        election.optionalFlag("retired")),
                voter(from.object("raft")));
    }

    private static JsonObject body(Body body, JsonObject json) {
        return switch (body) {
            case Body.Polling(PollMessage.Poll(String viewHash)) ->
                json.put("type", "poll").put("view_hash", viewHash);
            case Body.Polling(PollMessage.PollAnswer(String viewHash, List<PollMessage.Hint> members)) ->
                json.put("type", "poll-answer").put("view_hash", viewHash).put("members", hints(members));
            case Body.Polling(PollMessage.Goodbye goodbye) -> json.put("type", "goodbye");
            case Body.Bully(BullyMessage.Election(long round)) ->
                json.put("type", "election").put("round", round);
            case Body.Bully(BullyMessage.ElectionAnswer(long round, BullyMessage.Vote vote)) ->
                json.put("type", "election-answer").put("round", round).put("vote", vote.token());
            case Body.Bully(BullyMessage.Coordinator(long epoch, long released, Leadership.Source source)) ->
                json.put("type", "coordinator")
                        .put("epoch", epoch)
                        .put("released", released)
                        .put("source", source.token());
            case Body.Bully(BullyMessage.Heartbeat(long epoch, long sequence, Leadership.Source source)) ->
                json.put("type", "heartbeat")
                        .put("epoch", epoch)
                        .put("sequence", sequence)
                        .put("source", source.token());
            case Body.Hello hello -> json.put("type", "hello");
            case Body.Bully(BullyMessage.Acknowledgement(long epoch, long sequence, BullyMessage.Outcome outcome)) ->
                json.put("type", "acknowledgement")
                        .put("epoch", epoch)
                        .put("sequence", sequence)
                        .put("outcome", outcome.token());
            case Body.Bully(BullyMessage.StepDown(long epoch, Optional<String> successor)) -> {
                json.put("type", "step-down").put("epoch", epoch);
                successor.ifPresent(nodeId -> json.put("successor", nodeId));
                yield json;
            }
            case Body.Noted noted -> json.put("type", "noted");
            case Body.NotMe notMe -> json.put("type", "not-me");
            case Body.Superseded(long incarnation, boolean alive) ->
                json.put("type", "superseded").put("incarnation", incarnation).put("alive", alive);
        };
    }

    private static Body body(Fields fields) throws Malformed {
        return switch (fields.text("type", 32)) {
            case "poll" -> new Body.Polling(new PollMessage.Poll(fields.viewHash("view_hash")));
            case "poll-answer" ->
                new Body.Polling(new PollMessage.PollAnswer(fields.viewHash("view_hash"), hints(fields)));
            case "goodbye" -> new Body.Polling(new PollMessage.Goodbye());
            case "election" -> new Body.Bully(new BullyMessage.Election(fields.number("round", 0)));
            case "election-answer" ->
                new Body.Bully(new BullyMessage.ElectionAnswer(
                        fields.number("round", 0), fields.token("vote", BullyMessage.Vote.class)));
            case "coordinator" ->
                new Body.Bully(new BullyMessage.Coordinator(
                        fields.number("epoch", 1),
                        fields.number("released", 0),
                        fields.token("source", Leadership.Source.class)));
            case "heartbeat" ->
                new Body.Bully(new BullyMessage.Heartbeat(
                        fields.number("epoch", 1),
                        fields.number("sequence", 1),
                        fields.token("source", Leadership.Source.class)));
            case "hello" -> new Body.Hello();
            case "acknowledgement" ->
                new Body.Bully(new BullyMessage.Acknowledgement(
                        fields.number("epoch", 1),
                        fields.number("sequence", 0),
                        fields.token("outcome", BullyMessage.Outcome.class)));
            case "step-down" ->
                new Body.Bully(
                        new BullyMessage.StepDown(fields.number("epoch", 1), fields.optionalNodeId("successor")));
            case "noted" -> new Body.Noted();
            case "not-me" -> new Body.NotMe();
            case "superseded" -> new Body.Superseded(fields.number("incarnation", 0), fields.flag("alive"));
            default -> throw new Malformed("type");
        };
    }

    private static JsonArray hints(List<PollMessage.Hint> members) {
        JsonArray array = new JsonArray();
        members.forEach(hint -> array.add(new JsonObject()
                .put("node", hint.nodeId())
                .put("host", hint.address().host())
                .put("port", hint.address().port())));
        return array;
    }

    private static List<PollMessage.Hint> hints(Fields fields) throws Malformed {
        List<PollMessage.Hint> hints = new ArrayList<>();
        for (Object element : fields.array("members", PollMessage.MAX_HINTS)) {
            if (!(element instanceof JsonObject object)) {
                throw new Malformed("members");
            }
            Fields hint = new Fields(object);
            hints.add(new PollMessage.Hint(hint.nodeId("node"), new Address(hint.host("host"), hint.port("port"))));
        }
        return hints;
    }

    private static String hex(long value) {
        return HexFormat.of().toHexDigits(value);
    }
}
