package io.ringrift.operator.rollout;

import io.ringrift.operator.api.ConsensusMode;
import io.ringrift.operator.api.Modes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Five agents that run what they are given, and the Raft group that follows from it; faults are switched on by hand. */
final class SimulatedAgents {
    static final List<String> NODES = List.of("n-4", "n-3", "n-2", "n-1", "n-0");
    static final List<Modes> LADDER = IntStream.rangeClosed(0, Modes.LAST_STAGE)
            .mapToObj(SimulatedAgents::stage)
            .toList();

    final Map<String, String> fallbacks = new TreeMap<>();
    final Map<String, String> refusals = new TreeMap<>();
    final Map<String, String> views = new TreeMap<>();
    final Map<String, String> raftTrouble = new TreeMap<>();
    final Map<String, Long> behind = new TreeMap<>();
    final Set<String> dataLost = new TreeSet<>();
    OptionalLong refusedGeneration = OptionalLong.empty();
    Set<String> silent = Set.of();
    long epoch = 7;
    private final Map<String, Long> generations = new TreeMap<>();
    private final Map<String, Setting> settings = new TreeMap<>();
    private Set<String> group = new TreeSet<>();

    private static Modes stage(int stage) {
        return Modes.ofStage(stage);
    }

    /** Hands that node what it shall run; the past is refused, as agents do. */
    void give(String node, Assignment assignment) {
        if (generations.getOrDefault(node, -1L) < assignment.generationOf(node)) {
            generations.put(node, assignment.generationOf(node));
            settings.put(node, assignment.settingOf(node));
        }
    }

    /** What the node runs; empty before it was given anything. */
    Optional<Setting> setting(String node) {
        return Optional.ofNullable(settings.get(node));
    }

    Set<String> group() {
        return Set.copyOf(group);
    }

    /** Time passes for Raft's group: it is founded by all its voters together, and follows what its leader wants, one step at a time. */
    void settle() {
        if (group.isEmpty()) {
            settings.values().stream()
                    .map(setting -> Set.copyOf(setting.voters()))
                    .filter(voters -> voters.stream().allMatch(this::runsRaft))
                    .findFirst()
                    .ifPresent(voters -> group = new TreeSet<>(voters));
            return;
        }
        leader().ifPresent(leader -> {
            Set<String> wanted = Set.copyOf(settings.get(leader).voters());
            Optional<String> missing = wanted.stream()
                    .filter(voter -> !group.contains(voter) && runsRaft(voter))
                    .findFirst();
            missing.ifPresent(group::add);
            if (missing.isEmpty() && group.containsAll(wanted)) {
                group.stream()
                        .filter(voter -> !wanted.contains(voter))
                        .findFirst()
                        .ifPresent(surplus -> group.remove(surplus));
            }
        });
    }

    NodeReport report(String node) {
        boolean answers = !silent.contains(node) && generations.containsKey(node);
        Optional<Modes> modes = setting(node).map(setting -> setting.modes(LADDER));
        Optional<NodeReport.Raft> raft =
                modes.filter(Modes::raftEnabled).map(runs -> raft(node, runs.consensus() != ConsensusMode.BULLY));
        return new NodeReport(
                node,
                answers ? OptionalLong.of(generations.get(node)) : OptionalLong.empty(),
                refusals.containsKey(node) ? List.of(refusals.get(node)) : List.of(),
                refusedGeneration,
                modes,
                fallbacks.containsKey(node) ? List.of(fallbacks.get(node)) : List.of(),
                views.getOrDefault(node, "same"),
                Optional.of("n-0"),
                epoch,
                Set.of(),
                raft);
    }

    private NodeReport.Raft raft(String node, boolean decides) {
        boolean member = group.contains(node);
        boolean available = leader().isPresent() && (member || decides) && !raftTrouble.containsKey(node);
        OptionalLong end = member ? OptionalLong.of(100_000) : OptionalLong.empty();
        return new NodeReport.Raft(
                available,
                raftTrouble.getOrDefault(node, "Raft has no leader"),
                available ? leader() : Optional.empty(),
                member
                        ? Set.copyOf(group)
                        : settings.get(node).voters().stream().collect(java.util.stream.Collectors.toUnmodifiableSet()),
                end,
                member ? OptionalLong.of(100_000 - behind.getOrDefault(node, 0L)) : end,
                dataLost.contains(node));
    }

    private Optional<String> leader() {
        List<String> running = group.stream().filter(this::runsRaft).toList();
        return running.size() > group.size() / 2 ? Optional.of(running.getFirst()) : Optional.empty();
    }

    private boolean runsRaft(String node) {
        return setting(node)
                .filter(setting -> setting.modes(LADDER).raftEnabled())
                .isPresent();
    }
}
