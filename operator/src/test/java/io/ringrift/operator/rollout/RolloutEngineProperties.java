package io.ringrift.operator.rollout;

import static io.ringrift.operator.rollout.SimulatedAgents.NODES;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.rollout.Gate.Verdict;
import io.ringrift.operator.rollout.RolloutRequest.Directive;
import io.ringrift.operator.rollout.RolloutState.Direction;
import io.ringrift.operator.rollout.RolloutState.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random clusters, random users, operators that crash between any two actions and operators that act on old knowledge. */
class RolloutEngineProperties {
    private static final List<List<String>> VOTERS =
            List.of(List.of("n-0", "n-1", "n-2"), List.of("n-2", "n-3", "n-4"), List.of("n-1"));
    private static final Duration VERIFY = Duration.ofSeconds(30);
    private static final List<Step> STEPS = List.of(Step.parse("1"), Step.parse("50%"), Step.parse("100%"));

    @Property(tries = 1_000)
    void ofTwoOperatorsInterleavedAtRandomNoneSkipsAGateOrDoublesAStep(@ForAll long seed) {
        World world = new World(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), 2);
        for (int i = 0; i < 200; i++) {
            world.live();
        }
    }

    @Property(tries = 200)
    void noGateIsSkippedNoGenerationMeansTwoThings(@ForAll long seed) {
        World world = new World(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), 1);
        for (int i = 0; i < 400; i++) {
            world.live();
        }
    }

    @Property(tries = 100)
    void aQuietClusterArrivesWhereTheUserWantsIt(@ForAll long seed) {
        World world = new World(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), 1);
        for (int i = 0; i < 200; i++) {
            world.live();
        }
        world.calmDown();
        for (int i = 0; i < 2_000 && !world.rests(); i++) {
            world.live();
        }
        assertThat(world.rests())
                .as("%s, wanted %d", world.recorded, world.target)
                .isTrue();
    }

    /** Agents, a user and operators; checks every invariant after everything that happens. */
    private static final class World {
        private final RandomGenerator random;
        private final Map<Long, String> meaning = new HashMap<>();
        private final SimulatedAgents agents = new SimulatedAgents();
        private boolean calm;
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private Instant passingFrom = Instant.MAX;
        private int target;
        private long specGeneration = 1;
        private int content;
        private List<String> voters = VOTERS.getFirst();
        private Directive directive = Directive.NONE;
        private RolloutState recorded = RolloutState.initial();
        private long version;
        private final List<Operator> operators;

        World(RandomGenerator random, int operators) {
            this.random = random;
            this.operators = Stream.generate(Operator::new).limit(operators).toList();
        }

        /** What an operator is in the middle of; killed, another one begins with nothing. */
        private static final class Operator {
            private Optional<Decision> decided = Optional.empty();
            private Optional<Assignment> toHandOut = Optional.empty();
            private long readVersion;
            private Instant decidedAt = Instant.MIN;

            void killed() {
                decided = Optional.empty();
                toHandOut = Optional.empty();
            }
        }

        void calmDown() {
            calm = true;
            directive = Directive.NONE;
            specGeneration++;
            version++;
            agents.fallbacks.clear();
            agents.silent = Set.of();
        }

        boolean rests() {
            return recorded.stage() == target
                    && recorded.move().isEmpty()
                    && recorded.voters().equals(voters);
        }

        void live() {
            now = now.plusMillis(calm ? 1_000 : random.nextInt(8_000));
            if (!calm) {
                userEdits();
                clusterSuffers();
            }
            Operator operator = operators.get(random.nextInt(operators.size()));
            if (!calm && random.nextInt(20) == 0) {
                operator.killed();
            }
            // Each of the three is a moment at which the operator can be killed, or the other one can come first.
            if (operator.toHandOut.isPresent()) {
                act(operator.toHandOut.get());
                operator.killed();
            } else if (operator.decided.isPresent()) {
                record(operator);
            } else {
                List<NodeReport> reports = NODES.stream().map(agents::report).toList();
                operator.decided = Optional.of(RolloutEngine.next(recorded, request(), reports, now));
                operator.readVersion = version;
                operator.decidedAt = now;
            }
        }

        /** The write carries a resourceVersion: who has read something older is refused. An equal status is not written. */
        private void record(Operator operator) {
            Decision decision = operator.decided.get();
            operator.decided = Optional.empty();
            if (operator.readVersion != version) {
                return;
            }
            check(recorded, decision, operator.decidedAt);
            version += recorded.equals(decision.state()) ? 0 : 1;
            recorded = decision.state();
            if (decision.directiveDone()) {
                directive = Directive.NONE;
                version++;
            }
            operator.toHandOut = Optional.of(decision.assignment());
        }

        private void userEdits() {
            RolloutRequest before = request();
            edit();
            version += before.equals(request()) ? 0 : 1;
        }

        private void edit() {
            switch (random.nextInt(60)) {
                case 0 -> {
                    target = random.nextInt(5);
                    specGeneration++;
                }
                case 1 -> {
                    content++;
                    specGeneration++;
                }
                case 2 -> directive = Directive.values()[random.nextInt(4)];
                case 3 -> {
                    voters = VOTERS.get(random.nextInt(VOTERS.size()));
                    specGeneration++;
                }
                default -> {}
            }
        }

        private void clusterSuffers() {
            agents.silent =
                    NODES.stream().filter(node -> random.nextInt(20) == 0).collect(Collectors.toUnmodifiableSet());
            agents.epoch += random.nextInt(50) == 0 ? random.nextInt(400_000) : 0;
            if (random.nextInt(100) == 0) {
                agents.fallbacks.put(NODES.get(random.nextInt(5)), "UDP is blocked");
            } else if (random.nextInt(20) == 0) {
                agents.fallbacks.clear();
            }
        }

        private void act(Assignment assignment) {
            for (String node : NODES) {
                if (calm || random.nextInt(4) > 0) {
                    agents.give(node, assignment);
                }
            }
            agents.settle();
            checkVoters();
        }

        /** Whoever decides by Raft alone, a majority of its group's voters are voters of a configuration that somebody runs. */
        private void checkVoters() {
            boolean decides = NODES.stream()
                    .flatMap(node -> agents.setting(node).stream())
                    .anyMatch(setting -> setting.modes(SimulatedAgents.LADDER).consensus() == ConsensusMode.RAFT);
            if (decides) {
                assertThat(agents.group()).as("Raft decides without a group").isNotEmpty();
            }
        }

        private void check(RolloutState before, Decision decision, Instant decidedAt) {
            RolloutState after = decision.state();
            assertThat(after.generation()).isGreaterThanOrEqualTo(before.generation());
            for (String node : NODES) {
                Assignment assignment = decision.assignment();
                String document = assignment.settingOf(node) + "/" + content;
                assertThat(meaning.merge(assignment.generationOf(node), document, (old, _) -> old))
                        .isEqualTo(document);
                assertThat(assignment.generationOf(node)).isLessThanOrEqualTo(after.generation());
            }
            checkClimb(before, after, decidedAt);
            boolean passing = decision.gates().stream().allMatch(gate -> gate.verdict() == Verdict.PASS);
            boolean sameStep = climb(before).map(Move::step).equals(climb(after).map(Move::step))
                    && climb(before).map(Move::to).equals(climb(after).map(Move::to));
            if (!passing || after.pausedSince().isPresent()) {
                passingFrom = Instant.MAX;
            } else if (passingFrom.equals(Instant.MAX) || !sameStep) {
                passingFrom = decidedAt;
            }
        }

        private void checkClimb(RolloutState before, RolloutState after, Instant decidedAt) {
            climb(after).ifPresent(move -> assertThat(move.to()).isBetween(move.from(), move.from() + 1));
            Optional<Move> climbing = climb(before);
            if (climbing.isEmpty()) {
                return;
            }
            Move move = climbing.get();
            boolean arrived = after.stage() == move.to()
                    && after.voters().equals(move.voters())
                    && !(before.stage() == move.to() && before.voters().equals(move.voters()));
            Optional<Integer> step = climb(after)
                    .filter(next -> next.to() == move.to() && next.from() == move.from())
                    .filter(next -> next.started().equals(move.started()))
                    .map(Move::step);
            boolean advanced = step.filter(next -> next != move.step()).isPresent();
            if (advanced) {
                assertThat(step).hasValue(move.step() + 1);
            }
            if (arrived || advanced) {
                assertThat(decidedAt).isAfterOrEqualTo(passingFrom.plus(VERIFY));
            }
        }

        private static Optional<Move> climb(RolloutState state) {
            return state.move().filter(move -> move.direction() == Direction.UP);
        }

        private RolloutRequest request() {
            return new RolloutRequest(
                    specGeneration,
                    target,
                    Integer.toString(content),
                    SimulatedAgents.LADDER,
                    voters,
                    NODES,
                    agents.epoch,
                    Duration.ofSeconds(5),
                    VERIFY,
                    STEPS,
                    Duration.ofMinutes(10),
                    true,
                    directive);
        }
    }
}
