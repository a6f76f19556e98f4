package io.ringrift.operator.rollout;

import io.ringrift.operator.rollout.Gate.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Asks every question of a step of what the cluster reports. */
final class Gates {
    private final Assignment assignment;
    private final List<String> nodes;
    private final Map<String, NodeReport> reports;

    Gates(Assignment assignment, List<String> nodes, Collection<NodeReport> reports) {
        this.assignment = assignment;
        this.nodes = nodes;
        this.reports = reports.stream()
                .filter(report -> nodes.contains(report.node()))
                .collect(Collectors.toMap(NodeReport::node, report -> report, (a, b) -> b, TreeMap::new));
    }

    List<Gate> ask() {
        return List.of(acknowledged(), noFallback(), viewsAgree(), oneLeader(), noFalseFailure());
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
                nodes.stream().filter(node -> !acknowledges(node)).toList();
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
        return none ? Gate.fail(Name.ONE_LEADER, "the cluster has no leader") : Gate.pass(Name.ONE_LEADER);
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
