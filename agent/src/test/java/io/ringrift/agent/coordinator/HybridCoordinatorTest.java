package io.ringrift.agent.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.config.AgentConfig.Peer;
import io.ringrift.agent.config.ConfigStatus;
import io.ringrift.agent.config.ConsensusMode;
import io.ringrift.agent.config.MembershipMode;
import io.ringrift.agent.consensus.Leadership;
import io.ringrift.agent.consensus.Leadership.Source;
import io.ringrift.agent.consensus.bully.BullyMessage;
import io.ringrift.agent.consensus.bully.BullyStatus;
import io.ringrift.agent.consensus.bully.Remembered;
import io.ringrift.agent.consensus.raft.VoterStatus;
import io.ringrift.agent.coordinator.Message.Body;
import io.ringrift.agent.membership.Address;
import io.ringrift.agent.membership.FailureDetector;
import io.ringrift.agent.membership.Identity;
import io.ringrift.agent.membership.Member;
import io.ringrift.agent.membership.MemberState;
import io.ringrift.agent.membership.Ports;
import io.ringrift.agent.membership.Verdict;
import io.ringrift.agent.membership.http.PollMessage;
import io.ringrift.agent.sim.Configs;
import io.ringrift.agent.sim.SwimOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HybridCoordinatorTest {
    private static final ConfigStatus STATUS = new ConfigStatus(OptionalLong.empty(), Optional.empty());
    private static final Identity SELF = new Identity("a", 1, 100);
    private static final Identity PEER = new Identity("b", 2, 100);

    private final FakeSwim swim = new FakeSwim();
    private Configs config = Configs.of("a", new Peer.Named("b", "b.peers", OptionalInt.empty()));
    private List<Effect> started;
    private HybridCoordinator core = core();

    @Test
    void aStrangerIsDroppedAndLeavesNoTrace() {
        Message stranger = new Message("another", sender(PEER), toSelf(), poll());

        assertThat(core.receive(5, stranger, "10.0.0.2", at(1)))
                .contains(new Effect.Drop(5, DropReason.FOREIGN_CLUSTER));
        assertThat(core.view(at(1)).members()).extracting(Member::nodeId).containsExactly("a");
    }

    @Test
    void bullyByModeIsNeitherNewsNorAnActivationAndHybridWithoutRaftIs() {
        assertThat(fallbacks(started)).isEmpty();
        assertThat(core.view(at(0)).consensusFallback())
                .satisfies(state -> assertThat(state.active()).isTrue())
                .satisfies(state -> assertThat(state.activations()).isZero());

        config = config.modes(MembershipMode.HTTP, ConsensusMode.HYBRID);
        List<AgentEvent.FallbackChanged> told = fallbacks(core.configure(config.build(), STATUS, at(1)));

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.state().byMode()).isFalse();
            assertThat(event.state().activations()).isEqualTo(1);
        });
    }

    @Test
    void whileNobodyLeadsItSaysWhy() {
        assertThat(core.view(at(1)).leaderless())
                .hasValueSatisfying(why -> assertThat(why)
                        .isEqualTo("1 of 2 configured members are alive here, and an election needs 2."));
        receive(PEER, poll(), 1);
        assertThat(core.view(at(1)).leaderless())
                .hasValueSatisfying(why -> assertThat(why).isEqualTo("An election is under way."));
    }

    private static List<AgentEvent.FallbackChanged> fallbacks(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof Effect.Emit(AgentEvent.FallbackChanged event)
                        ? java.util.stream.Stream.of(event)
                        : java.util.stream.Stream.empty())
                .toList();
    }

    @Test
    void whatIsMeantForAnotherIsAnsweredNotMe() {
        Message.Target another = new Message.Target(Optional.of("c"), OptionalLong.empty());
        Message.Target formerRun = new Message.Target(Optional.of("a"), OptionalLong.of(99));

        assertThat(answer(new Message("test", sender(PEER), another, poll()), 1))
                .isEqualTo(new Body.NotMe());
        assertThat(answer(new Message("test", sender(PEER), formerRun, poll()), 1))
                .isEqualTo(new Body.NotMe());
    }

    @Test
    void aReusedAddressRevivesNobody() {
        receive(PEER, poll(), 1);
        run(80);
        assertThat(state("b", 80)).isEqualTo(MemberState.FAILED);
        Identity tenant = new Identity("z", 7, 500);
        Effect.Send sent = polls(run(110)).getLast();

        core.answered(sent, new Message("test", sender(tenant), toSelf(), new Body.NotMe()), at(111));

        assertThat(state("b", 111)).isEqualTo(MemberState.FAILED);
        assertThat(state("z", 111)).isEqualTo(MemberState.ALIVE);
    }

    @Test
    void anAnswerToAFormerRunIsNotTaken() {
        Effect.Send sent = sends(started).getFirst();
        Message.Target formerRun = new Message.Target(Optional.of("a"), OptionalLong.of(99));

        List<Effect> effects = core.answered(
                sent,
                new Message(
                        "test", sender(PEER), formerRun, new Body.Polling(new PollMessage.PollAnswer("", List.of()))),
                at(1));

        assertThat(effects).contains(new Effect.Drop(0, DropReason.NOT_FOR_ME));
        assertThat(core.view(at(1)).members()).hasSize(1);
    }

    @Test
    void anAnswerThatComesAsARequestIsOutOfPlace() {
        assertThat(receive(PEER, new Body.Noted(), 1)).contains(new Effect.Drop(1, DropReason.OUT_OF_PLACE));
    }

    @Test
    void anOlderRunIsToldThatItIsSuperseded() {
        receive(new Identity("b", 3, 200), poll(), 1);

        assertThat(answer(new Message("test", sender(PEER), toSelf(), poll()), 2))
                .isEqualTo(new Body.Superseded(200, true));
        assertThat(core.view(at(2)).members())
                .filteredOn(member -> member.nodeId().equals("b"))
                .singleElement()
                .extracting(Member::incarnation)
                .isEqualTo(200L);
    }

    @Test
    void ofTwoRunsOfOneNodeTheOlderOneStepsAsideAndComesBackWhenTheNewerIsGone() {
        Identity newer = new Identity("a", 9, 300);
        List<Effect> effects = core.receive(1, new Message("test", sender(newer), toSelf(), poll()), "10.0.0.9", at(1));

        assertThat(effects)
                .anySatisfy(effect -> assertThat(effect)
                        .isInstanceOfSatisfying(
                                Effect.Complain.class,
                                complaint -> assertThat(complaint.sentence()).contains("Another agent runs as a")));
        assertThat(votes(2)).isEqualTo(BullyMessage.Vote.ABSTAIN);

        Effect.Send sent = polls(run(40)).getFirst();
        core.answered(sent, new Message("test", sender(PEER), toSelf(), new Body.Superseded(300, false)), at(60));

        assertThat(core.view(at(60)).incarnation()).isEqualTo(301);
        assertThat(votes(61)).isNotEqualTo(BullyMessage.Vote.ABSTAIN);
    }

    @Test
    void ofTwoRunsOfOneNodeTheNewerOneSaysSo() {
        Identity older = new Identity("a", 9, 50);
        assertThat(answer(new Message("test", sender(older), toSelf(), poll()), 1))
                .isEqualTo(new Body.Superseded(100, true));
    }

    @Test
    void namesMembersOnlyToThoseWhoSeeOthers() {
        receive(new Identity("c", 3, 1), poll(), 1);
        String hash = core.view(at(1)).viewHash();

        assertThat(answer(message(PEER, new Body.Polling(new PollMessage.Poll("0"))), 2))
                .isInstanceOfSatisfying(
                        Body.Polling.class,
                        polling -> assertThat(((PollMessage.PollAnswer) polling.message()).members())
                                .contains(new PollMessage.Hint("c", new Address("host-c", 8770))));
        hash = core.view(at(2)).viewHash();
        assertThat(answer(message(PEER, new Body.Polling(new PollMessage.Poll(hash))), 3))
                .isEqualTo(new Body.Polling(new PollMessage.PollAnswer(hash, List.of())));
    }

    @Test
    void aGoodbyeIsNotedAndSeen() {
        receive(PEER, poll(), 1);
        assertThat(answer(message(PEER, new Body.Polling(new PollMessage.Goodbye())), 2))
                .isEqualTo(new Body.Noted());
        assertThat(state("b", 2)).isEqualTo(MemberState.LEFT);
    }

    @Test
    void swimModeStopsPollingAndAFailureOfSwimStartsItAgain() {
        config = config.modes(MembershipMode.SWIM, ConsensusMode.BULLY);
        swim.verdicts = List.of(verdict("b", MemberState.SUSPECTED));
        core = core();
        List<Effect> quiet = run(200);
        assertThat(polls(quiet)).isEmpty();
        assertThat(state("b", 200)).isEqualTo(MemberState.SUSPECTED);
        assertThat(core.view(at(200)).membershipFallback().active()).isFalse();

        swim.trouble = Optional.of("UDP port 7947 is taken");
        List<Effect> fallback = core.tick(at(201));

        assertThat(polls(fallback)).isNotEmpty();
        assertThat(core.view(at(201)).membershipFallback().reason())
                .contains("UDP port 7947 is taken; HTTP polling decides");
        swim.trouble = Optional.empty();
        core.tick(at(202));
        assertThat(core.view(at(202)).membershipFallback().active()).isTrue();
        assertThat(core.nextDeadline()).isLessThanOrEqualTo(at(212));
        core.tick(at(212));
        assertThat(core.view(at(212)).membershipFallback().active()).isFalse();
        assertThat(polls(run(300))).isEmpty();
    }

    @Test
    void withoutSwimHttpDecidesAndSaysSo() {
        config = config.modes(MembershipMode.HYBRID, ConsensusMode.BULLY);
        HybridCoordinator bare = new HybridCoordinator(
                new Boot(1, 100, Remembered.NOTHING, false),
                config.build(),
                STATUS,
                new SwimOff(),
                new SplittableRandom(1),
                at(0));
        bare.tick(at(0));

        AgentView view = bare.view(at(0));

        assertThat(view.membershipFallback().active()).isTrue();
        assertThat(view.swim().enabled()).isTrue();
        assertThat(view.swim().available()).isFalse();
        assertThat(view.swim().members()).extracting(Member::nodeId).containsExactly("a");
        assertThat(view.swim().message()).contains("SWIM is off");
    }

    @Test
    void theConsensusFallbackFollowsTheMode() {
        assertThat(core.view(at(0)).consensusFallback().active()).as("bully").isTrue();
        core.configure(config.modes(MembershipMode.HTTP, ConsensusMode.HYBRID).build(), STATUS, at(1));
        core.tick(at(1).plus(LeadershipRouter.FALLBACK_DELAY));
        FallbackState hybrid =
                core.view(at(1).plus(LeadershipRouter.FALLBACK_DELAY)).consensusFallback();
        assertThat(hybrid.active()).isTrue();
        assertThat(hybrid.reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("Raft has no leader"));
        core.configure(config.modes(MembershipMode.HTTP, ConsensusMode.RAFT).build(), STATUS, at(20));
        assertThat(core.view(at(20)).consensusFallback().active()).as("raft").isFalse();
    }

    @Test
    void raftAloneHasNoLeaderHereAndABullyLeaderStepsDown() {
        config = config.peers(List.of());
        core = core();
        lead(0);
        assertThat(core.view(at(1)).leadership().leader()).contains("a");

        core.configure(config.modes(MembershipMode.HTTP, ConsensusMode.RAFT).build(), STATUS, at(2));
        run(100);

        assertThat(core.view(at(100)).leadership()).isEqualTo(Leadership.none(1));
    }

    @Test
    void aPromiseIsAnsweredOnlyWhenItIsDurable() {
        run(12);
        Message claim = message(PEER, new Body.Bully(new BullyMessage.Coordinator(40, 0, Source.BULLY)));

        List<Effect> effects = core.receive(7, claim, "10.0.0.2", at(12));

        assertThat(effects)
                .contains(new Effect.Persist(new Remembered(40, false)))
                .noneMatch(Effect.Reply.class::isInstance);
        assertThat(replies(core.persisted(40, true, at(13))))
                .containsExactly(
                        new Body.Bully(new BullyMessage.Acknowledgement(40, 0, BullyMessage.Outcome.ACCEPTED)));
    }

    @Test
    void aDiskThatRefusesMakesNoPromise() {
        run(12);
        core.receive(
                7,
                message(PEER, new Body.Bully(new BullyMessage.Coordinator(40, 0, Source.BULLY))),
                "10.0.0.2",
                at(12));
        assertThat(replies(core.persisted(40, false, at(13))))
                .containsExactly(new Body.Bully(new BullyMessage.Acknowledgement(40, 0, BullyMessage.Outcome.ABSTAIN)));
    }

    @Test
    void sayingGoodbyeReleasesLeadershipFirst() {
        run(12);
        receive(PEER, poll(), 12);
        List<Effect> effects = core.leave(at(13));

        assertThat(sends(effects))
                .extracting(send -> send.message().body())
                .endsWith(new Body.Polling(new PollMessage.Goodbye()));
        assertThat(votes(14)).isEqualTo(BullyMessage.Vote.ABSTAIN);
    }

    // ----

    private HybridCoordinator core() {
        HybridCoordinator made = new HybridCoordinator(
                new Boot(1, 100, Remembered.NOTHING, false),
                config.build(),
                STATUS,
                swim,
                new SplittableRandom(1),
                at(0));
        started = made.tick(at(0));
        return made;
    }

    private void lead(long seconds) {
        List<Effect> effects = new ArrayList<>(core.tick(at(seconds)));
        while (effects.stream().noneMatch(Effect.Persist.class::isInstance)) {
            effects.addAll(core.tick(core.nextDeadline()));
        }
        core.persisted(1, true, core.nextDeadline());
    }

    private List<Effect> run(long untilSeconds) {
        List<Effect> effects = new ArrayList<>();
        while (core.nextDeadline().compareTo(at(untilSeconds)) <= 0) {
            effects.addAll(core.tick(core.nextDeadline()));
        }
        return effects;
    }

    private List<Effect> receive(Identity from, Body body, long seconds) {
        return core.receive(1, message(from, body), "10.0.0.2", at(seconds));
    }

    private Body answer(Message request, long seconds) {
        return replies(core.receive(1, request, "10.0.0.2", at(seconds))).getFirst();
    }

    private BullyMessage.Vote votes(long seconds) {
        run(seconds);
        Body.Bully answer = (Body.Bully) answer(message(PEER, new Body.Bully(new BullyMessage.Election(1))), seconds);
        return ((BullyMessage.ElectionAnswer) answer.message()).vote();
    }

    private MemberState state(String nodeId, long seconds) {
        return core.view(at(seconds)).members().stream()
                .filter(member -> member.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static List<Body> replies(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Reply.class::isInstance)
                .map(effect -> ((Effect.Reply) effect).message().body())
                .toList();
    }

    private static List<Effect.Send> sends(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Send.class::isInstance)
                .map(Effect.Send.class::cast)
                .toList();
    }

    private static List<Effect.Send> polls(List<Effect> effects) {
        return sends(effects).stream()
                .filter(send -> send.message().body() instanceof Body.Polling)
                .toList();
    }

    private static Message message(Identity from, Body body) {
        return new Message("test", sender(from), toSelf(), body);
    }

    private static Message.Target toSelf() {
        return new Message.Target(Optional.of(SELF.nodeId()), OptionalLong.of(SELF.instanceId()));
    }

    private static Message.Sender sender(Identity identity) {
        return new Message.Sender(
                identity,
                Optional.of("host-" + identity.nodeId()),
                new Ports(8770, 7947, 4321),
                new Member.Modes(MembershipMode.HTTP, ConsensusMode.BULLY, OptionalLong.empty()),
                new BullyStatus(0, 0, true, false, 0, Source.BULLY, false),
                VoterStatus.NONE);
    }

    private static Body poll() {
        return new Body.Polling(new PollMessage.Poll(""));
    }

    private static Verdict verdict(String nodeId, MemberState state) {
        return new Verdict(
                nodeId,
                state,
                Duration.ZERO,
                Member.Source.SWIM,
                true,
                Optional.empty(),
                1,
                Optional.empty(),
                List.of("c"),
                false);
    }

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** A SWIM that says what the test wants. */
    private static final class FakeSwim implements FailureDetector {
        private Optional<String> trouble = Optional.empty();
        private List<Verdict> verdicts = List.of();

        @Override
        public Optional<String> unavailable() {
            return trouble;
        }

        @Override
        public long version() {
            return 1;
        }

        @Override
        public List<Verdict> verdicts() {
            return verdicts;
        }
    }
}
