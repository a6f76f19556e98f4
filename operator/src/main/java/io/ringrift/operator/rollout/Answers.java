package io.ringrift.operator.rollout;

import io.ringrift.operator.rollout.Gate.Name;
import io.ringrift.operator.rollout.Gate.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the cluster answered to every question of a step. */
record Answers(List<Gate> gates) {
    Answers {
        gates = List.copyOf(gates);
    }

    /** Every gate holds. */
    boolean passing() {
        return gates.stream().allMatch(gate -> gate.verdict() == Verdict.PASS);
    }

    /** Some gate says no. */
    boolean failing() {
        return failed().findAny().isPresent();
    }

    /** Everybody runs what was handed out. */
    boolean acknowledged() {
        return gates.stream().anyMatch(gate -> gate.name() == Name.ACKNOWLEDGED && gate.verdict() == Verdict.PASS);
    }

    /** An agent refused its configuration, which time does not mend. */
    boolean refused() {
        return failed().anyMatch(gate -> gate.name() == Name.ACKNOWLEDGED);
    }

    /** All evidence; empty while every gate holds. */
    Optional<String> complaint() {
        return join(gates.stream());
    }

    /** The evidence of what says no, for whatever is only waited for is no reason. */
    Optional<String> objection() {
        return join(failed());
    }

    private Stream<Gate> failed() {
        return gates.stream().filter(gate -> gate.verdict() == Verdict.FAIL);
    }

    private static Optional<String> join(Stream<Gate> gates) {
        String all = gates.map(Gate::evidence)
                .filter(evidence -> !evidence.isEmpty())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
