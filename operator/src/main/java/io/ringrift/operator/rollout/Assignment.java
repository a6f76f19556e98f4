package io.ringrift.operator.rollout;

import java.util.Set;

/**
 * Who shall run what. While nothing is being canaried {@code switched} is empty and everybody runs the base.
 *
 * @param baseStage the stage of everybody who is not switched
 * @param baseGeneration the configuration generation of {@code baseStage}
 * @param switched the members that run {@code nextStage} already
 */
public record Assignment(int baseStage, long baseGeneration, Set<String> switched, int nextStage, long nextGeneration) {

    static Assignment everybody(int stage, long generation) {
        return new Assignment(stage, generation, Set.of(), stage, generation);
    }

    /** The stage that {@code node} shall run. */
    public int stageOf(String node) {
        return switched.contains(node) ? nextStage : baseStage;
    }

    /** The configuration generation that {@code node} shall run. */
    public long generationOf(String node) {
        return switched.contains(node) ? nextGeneration : baseGeneration;
    }
}
