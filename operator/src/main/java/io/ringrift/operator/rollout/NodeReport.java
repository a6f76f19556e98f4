package io.ringrift.operator.rollout;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one agent reported last.
 *
 * @param generation the configuration generation that it runs; empty where it did not answer
 * @param refused the problems of a configuration that it refused; empty where it refused none
 * @param refusedGeneration of the configuration that it refused; empty where it refused none or one without a number
 * @param fallbacks the protocols whose fallback is active though the mode wanted better, with the reason
 * @param viewHash equal on two nodes that hold the same members in the same states
 * @param notAlive the members that it holds to be SUSPECTED or FAILED
 */
public record NodeReport(
        String node,
        OptionalLong generation,
        List<String> refused,
        OptionalLong refusedGeneration,
        List<String> fallbacks,
        String viewHash,
        Optional<String> leader,
        long epoch,
        Set<String> notAlive) {}
