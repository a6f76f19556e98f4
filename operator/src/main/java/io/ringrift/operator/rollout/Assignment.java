package io.ringrift.operator.rollout;

import java.util.Set;

/**
 * Who shall run what. While nothing is being canaried {@code switched} is empty and everybody runs the base.
 *
 * @param base of everybody who is not switched
 * @param baseGeneration the configuration generation of {@code base}
 * @param switched the members that run {@code next} already
 */
public record Assignment(Setting base, long baseGeneration, Set<String> switched, Setting next, long nextGeneration) {
    public Assignment {
        switched = Set.copyOf(switched);
    }

    static Assignment everybody(Setting setting, long generation) {
        return new Assignment(setting, generation, Set.of(), setting, generation);
    }

    /** What {@code node} shall run. */
    public Setting settingOf(String node) {
        return switched.contains(node) ? next : base;
    }

    /** The configuration generation that {@code node} shall run. */
    public long generationOf(String node) {
        return switched.contains(node) ? nextGeneration : baseGeneration;
    }

    /** The highest stage whose modes decide on any member. */
    public int decidingStage() {
        return Math.max(base.decidingStage(), next.decidingStage());
    }
}
