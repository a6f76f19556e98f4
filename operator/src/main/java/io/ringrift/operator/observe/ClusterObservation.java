package io.ringrift.operator.observe;

import io.ringrift.operator.observe.AgentReply.Reported;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cluster as its pods and agents show it: a pure fold over what was seen.
 *
 * @param members the names of all members that there should be, in order
 * @param pods by name; of members alone
 * @param replies by member; a member that was not asked, for it has no address, is not in it
 */
public record ClusterObservation(
        List<String> members, Map<String, PodObservation> pods, Map<String, AgentReply> replies) {
    public ClusterObservation {
        members = List.copyOf(members);
        pods = Map.copyOf(pods);
        replies = Map.copyOf(replies);
    }

    /** Reports of members' agents, in the order of the members. */
    public List<AgentReport> reports() {
        return members.stream().flatMap(member -> report(member).stream()).toList();
    }

    /** What that member's agent said, if it did. */
    public Optional<AgentReport> report(String member) {
        return replies.get(member) instanceof Reported reported ? Optional.of(reported.report()) : Optional.empty();
    }

    /** Members whose pod is there. */
    public int podCount() {
        return (int) members.stream().filter(pods::containsKey).count();
    }

    /** Members whose pod is ready. */
    public int readyPods() {
        return (int) members.stream()
                .filter(member -> pods.containsKey(member) && pods.get(member).ready())
                .count();
    }

    /** Members whose pod is ready though their agent does not answer. */
    public List<String> silent() {
        return members.stream()
                .filter(member -> replies.get(member) instanceof AgentReply.Silent
                        && pods.containsKey(member)
                        && pods.get(member).ready())
                .toList();
    }

    /** The highest configuration generation that any agent knows of; 0: none. */
    public long highestGeneration() {
        return reports().stream()
                .flatMap(report -> Stream.of(
                        report.generation(),
                        report.refused().map(AgentReport.Refusal::generation).orElse(report.generation())))
                .mapToLong(generation -> generation.orElse(0))
                .max()
                .orElse(0);
    }

    /** The leadership that holds: of those that agents report the one with the highest epoch. Empty: nobody reports. */
    public Optional<ObservedLeadership> leadership() {
        Optional<AgentReport> highest = reports().stream()
                .max(Comparator.comparingLong(AgentReport::epoch)
                        .thenComparing(report -> report.leader().isPresent())
                        .thenComparing(report -> report.leader().orElse("")));
        return highest.map(report -> new ObservedLeadership(report.leader(), report.epoch(), report.source()));
    }

    /** Raft's highest term that an agent reports; 0 while Raft is off. */
    public long term() {
        return raft().mapToLong(AgentReport.RaftPeer::term).max().orElse(0);
    }

    /** Who votes in Raft, as most of its peers know it, in order; empty while Raft is off. */
    public List<String> voters() {
        return mostVoted(
                        raft().filter(AgentReport.RaftPeer::available)
                                .map(peer -> String.join(",", new TreeSet<>(peer.voters()))),
                        Comparator.naturalOrder())
                .filter(voters -> !voters.isEmpty())
                .map(voters -> List.of(voters.split(",")))
                .orElse(List.of());
    }

    /** What the agents say that find a majority of Raft's disks gone, by node id. */
    public Map<String, String> dataLoss() {
        Map<String, String> losses = new TreeMap<>();
        reports()
                .forEach(report -> report.raft()
                        .filter(AgentReport.RaftPeer::dataLost)
                        .ifPresent(peer ->
                                losses.put(report.nodeId(), peer.message().orElse(""))));
        return losses;
    }

    private Stream<AgentReport.RaftPeer> raft() {
        return reports().stream().flatMap(report -> report.raft().stream());
    }

    /** What most agents say under that aspect; empty where nobody reports. Between equals the lesser word, so that it does not flap. */
    public Optional<String> majority(Function<AgentReport, String> aspect) {
        return mostVoted(reports().stream().map(aspect), Comparator.reverseOrder());
    }

    /** Whether all agents that report hold the same members in the same states. */
    public boolean viewsAgree() {
        return reports().stream().map(AgentReport::viewHash).distinct().count() <= 1;
    }

    /**
     * State by node id of everybody that an agent knows: what most of the agents hold, an agent that reports being a vote
     * for itself. Between equals the worse, so that trouble is not hidden. Agents that share a view are counted, not read one by one.
     */
    public Map<String, String> states() {
        Map<Map<String, String>, Long> views = new IdentityHashMap<>();
        reports().forEach(report -> views.merge(report.view(), 1L, Long::sum));
        Map<String, Map<String, Long>> votes = new TreeMap<>();
        views.forEach((view, holders) -> view.forEach((node, state) ->
                votes.computeIfAbsent(node, any -> new TreeMap<>()).merge(state, holders, Long::sum)));
        Map<String, String> states = new TreeMap<>();
        votes.forEach((node, given) -> mostVoted(given, Comparator.comparing(ClusterObservation::severity))
                .ifPresent(state -> states.put(node, state)));
        return states;
    }

    private static int severity(String state) {
        return switch (state) {
            case "FAILED" -> 3;
            case "SUSPECTED" -> 2;
            case "LEFT" -> 1;
            default -> 0;
        };
    }

    private static Optional<String> mostVoted(Stream<String> votes, Comparator<String> betweenEquals) {
        return mostVoted(
                votes.collect(Collectors.groupingBy(Function.identity(), Collectors.counting())), betweenEquals);
    }

    private static Optional<String> mostVoted(Map<String, Long> counts, Comparator<String> betweenEquals) {
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey(betweenEquals)))
                .map(Map.Entry::getKey);
    }

    /**
     * Who leads.
     *
     * @param leader empty: nobody
     * @param epoch of the leadership, or the highest seen
     * @param source {@code raft} or {@code bully}
     */
    public record ObservedLeadership(Optional<String> leader, long epoch, Optional<String> source) {}
}
