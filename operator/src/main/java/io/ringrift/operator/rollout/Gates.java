package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Modes;
import io.ringrift.operator.rollout.Gate.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks every question of a step of what the cluster reports. */
final class Gates {
    private final Assignment assignment;
    private final RolloutRequest spec;
    private final Map<String, NodeReport> reports;

    Gates(Assignment assignment, RolloutRequest spec, Collection<NodeReport> reports) {
        this.assignment = assignment;
        this.spec = spec;
        Set<String> members = Set.copyOf(spec.nodes());
        this.reports = reports.stream()
                .filter(report -> members.contains(report.node()))
                .collect(Collectors.toMap(NodeReport::node, report -> report, (a, b) -> b, TreeMap::new));
    }

    List<Gate> ask() {
        List<Gate> gates = new ArrayList<>(
                List.of(acknowledged(), modes(), noFallback(), viewsAgree(), oneLeader(), noFalseFailure()));
        gates.addAll(new RaftGates(assignment, spec.ladder(), reports.values()).ask());
        return gates;
    }

    private Gate acknowledged() {
        for (NodeReport report : reports.values()) {
            if (refuses(report)) {
                return Gate.fail(
                        Name.ACKNOWLEDGED,
                        report.node() + " refused its configuration: " + String.join("; ", report.refused()));
            }
        }
        List<String> missing =
                spec.nodes().stream().filter(node -> !acknowledges(node)).toList();
        return missing.isEmpty()
                ? Gate.pass(Name.ACKNOWLEDGED)
                : Gate.wait(Name.ACKNOWLEDGED, "not acknowledged yet by " + String.join(", ", missing));
    }

    /** What it refused before says nothing of what it is given now. */
    private boolean refuses(NodeReport report) {
        return !report.refused().isEmpty()
                && report.refusedGeneration().orElse(Long.MAX_VALUE) >= assignment.generationOf(report.node());
    }

    private boolean acknowledges(String node) {
        NodeReport report = reports.get(node);
        if (report == null || report.generation().isEmpty()) {
            return false;
        }
        return report.generation().getAsLong() >= assignment.generationOf(node);
    }

    /** Of whom has not acknowledged yet, nothing else is expected either. */
    private Gate modes() {
        List<String> unknown = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (NodeReport report : reports.values()) {
            Modes wanted = assignment.settingOf(report.node()).modes(spec.ladder());
            if (acknowledges(report.node()) && !report.modes().equals(Optional.of(wanted))) {
                report.modes()
                        .ifPresentOrElse(
                                runs -> wrong.add(
                                        report.node() + " runs " + describe(runs) + ", wanted is " + describe(wanted)),
                                () -> unknown.add(report.node()));
            }
        }
        if (!wrong.isEmpty()) {
            return Gate.fail(Name.MODES, String.join("; ", wrong));
        }
        return unknown.isEmpty()
                ? Gate.pass(Name.MODES)
                : Gate.wait(Name.MODES, "modes not known of " + String.join(", ", unknown));
    }

    private static String describe(Modes modes) {
        return modes.membership().token() + (modes.swimEnabled() ? " with SWIM" : " without SWIM") + ", "
                + modes.consensus().token() + (modes.raftEnabled() ? " with Raft" : " without Raft");
    }

    private Gate noFallback() {
        List<String> active = reports.values().stream()
                .flatMap(report -> report.fallbacks().stream().map(reason -> report.node() + ": " + reason))
                .toList();
        return active.isEmpty() ? Gate.pass(Name.NO_FALLBACK) : Gate.fail(Name.NO_FALLBACK, String.join("; ", active));
    }

    private Gate viewsAgree() {
        Map<String, List<String>> byHash = reports.values().stream()
                .collect(Collectors.groupingBy(
                        NodeReport::viewHash, TreeMap::new, Collectors.mapping(NodeReport::node, Collectors.toList())));
        return byHash.size() <= 1
                ? Gate.pass(Name.VIEWS_AGREE)
                : Gate.fail(Name.VIEWS_AGREE, "different views are held by " + byHash.values());
    }

    private Gate oneLeader() {
        List<String> answers = new ArrayList<>(new TreeSet<>(reports.values().stream()
                .map(report -> report.leader().orElse("none") + " (epoch " + report.epoch() + ")")
                .toList()));
        if (answers.size() > 1) {
            return Gate.fail(Name.ONE_LEADER, "the agents name different leaders: " + String.join(", ", answers));
        }
        boolean none =
                reports.values().stream().anyMatch(report -> report.leader().isEmpty());
        if (none) {
            return Gate.fail(Name.ONE_LEADER, "the cluster has no leader");
        }
        boolean fell = reports.values().stream().anyMatch(report -> report.epoch() < spec.epoch());
        return fell
                ? Gate.fail(
                        Name.ONE_LEADER,
                        answers.getFirst() + " leads under an epoch of the past: " + spec.epoch() + " was seen before")
                : Gate.pass(Name.ONE_LEADER);
    }

    private Gate noFalseFailure() {
        List<String> wrong = reports.values().stream()
                .flatMap(report -> report.notAlive().stream()
                        .filter(reports::containsKey)
                        .map(victim -> report.node() + " holds " + victim + " to be dead, which answers"))
                .toList();
        return wrong.isEmpty()
                ? Gate.pass(Name.NO_FALSE_FAILURE)
                : Gate.fail(Name.NO_FALSE_FAILURE, String.join("; ", wrong));
    }
}
