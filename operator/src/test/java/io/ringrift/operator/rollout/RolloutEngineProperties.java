package io.ringrift.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random clusters, random users, operators that crash between any two actions and operators that act on old knowledge. */
class RolloutEngineProperties {
    private static final List<String> NODES = List.of("n-4", "n-3", "n-2", "n-1", "n-0");
    private static final Duration VERIFY = Duration.ofSeconds(30);
    private static final List<Step> STEPS = List.of(Step.parse("1"), Step.parse("50%"), Step.parse("100%"));

    @Property(tries = 400)
    void noGateIsSkippedNoGenerationMeansTwoThings(@ForAll long seed) {
        World world = new World(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
        for (int i = 0; i < 400; i++) {
            world.live();
        }
    }

    @Property(tries = 100)
    void aQuietClusterArrivesWhereTheUserWantsIt(@ForAll long seed) {
        World world = new World(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
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
        private final Map<String, Long> applied = new HashMap<>();
        private final Map<String, String> fallbacks = new HashMap<>();
        private boolean calm;
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private Instant passingFrom = Instant.MAX;
        private int target;
        private long specGeneration = 1;
        private int content;
        private Directive directive = Directive.NONE;
        private RolloutState recorded = RolloutState.initial();
        private RolloutState known = recorded;

        World(RandomGenerator random) {
            this.random = random;
        }

        void calmDown() {
            calm = true;
            directive = Directive.NONE;
            specGeneration++;
            fallbacks.clear();
        }

        boolean rests() {
            return recorded.stage() == target && recorded.move().isEmpty();
        }

        void live() {
            now = now.plusMillis(calm ? 1_000 : random.nextInt(8_000));
            if (!calm) {
                userEdits();
                clusterSuffers();
            }
            boolean stale = !calm && random.nextInt(10) == 0;
            RolloutState base = stale ? known : recorded;
            List<NodeReport> reports = NODES.stream().map(this::report).toList();
            Decision decision = RolloutEngine.next(base, request(), reports, now);
            boolean lostTheRace = !base.equals(recorded); // the write carries a resourceVersion: 409
            boolean killedBeforeRecording = !calm && random.nextInt(20) == 0;
            known = recorded;
            if (lostTheRace || killedBeforeRecording) {
                return;
            }
            check(recorded, decision);
            recorded = decision.state();
            if (decision.directiveDone()) {
                directive = Directive.NONE;
            }
            boolean killedBeforeActing = !calm && random.nextInt(20) == 0;
            if (!killedBeforeActing) {
                act(decision.assignment());
            }
        }

        private void userEdits() {
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
                default -> {}
            }
        }

        private void clusterSuffers() {
            if (random.nextInt(100) == 0) {
                fallbacks.put(NODES.get(random.nextInt(5)), "UDP is blocked");
            } else if (random.nextInt(20) == 0) {
                fallbacks.clear();
            }
        }

        private void act(Assignment assignment) {
            for (String node : NODES) {
                if (calm || random.nextInt(4) > 0) {
                    applied.merge(node, assignment.generationOf(node), Math::max);
                }
            }
        }

        private void check(RolloutState before, Decision decision) {
            RolloutState after = decision.state();
            assertThat(after.generation()).isGreaterThanOrEqualTo(before.generation());
            for (String node : NODES) {
                Assignment assignment = decision.assignment();
                String document = assignment.stageOf(node) + "/" + content;
                assertThat(meaning.merge(assignment.generationOf(node), document, (old, _) -> old))
                        .isEqualTo(document);
                assertThat(assignment.generationOf(node)).isLessThanOrEqualTo(after.generation());
            }
            checkClimb(before, after);
            boolean passing = decision.gates().stream().allMatch(gate -> gate.verdict() == Verdict.PASS);
            boolean sameStep = climb(before).map(Move::step).equals(climb(after).map(Move::step))
                    && climb(before).map(Move::to).equals(climb(after).map(Move::to));
            if (!passing || after.pausedSince().isPresent()) {
                passingFrom = Instant.MAX;
            } else if (passingFrom.equals(Instant.MAX) || !sameStep) {
                passingFrom = now;
            }
        }

        private void checkClimb(RolloutState before, RolloutState after) {
            climb(after).ifPresent(move -> assertThat(move.to()).isEqualTo(move.from() + 1));
            Optional<Move> climbing = climb(before);
            if (climbing.isEmpty()) {
                return;
            }
            Move move = climbing.get();
            boolean arrived = after.stage() == move.to() && before.stage() == move.from();
            boolean advanced = climb(after)
                    .map(next -> next.to() == move.to() && next.step() != move.step())
                    .orElse(false);
            if (arrived || advanced) {
                assertThat(now).isAfterOrEqualTo(passingFrom.plus(VERIFY));
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
                    NODES,
                    Duration.ofSeconds(5),
                    VERIFY,
                    STEPS,
                    Duration.ofMinutes(10),
                    true,
                    directive);
        }

        private NodeReport report(String node) {
            boolean answers = applied.containsKey(node) && (calm || random.nextInt(20) > 0);
            return new NodeReport(
                    node,
                    answers ? OptionalLong.of(applied.get(node)) : OptionalLong.empty(),
                    List.of(),
                    OptionalLong.empty(),
                    fallbacks.containsKey(node) ? List.of(fallbacks.get(node)) : List.of(),
                    "same",
                    Optional.of("n-0"),
                    7,
                    Set.of());
        }
    }
}
