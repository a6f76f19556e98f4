package io.ringrift.operator.rollout;

import io.ringrift.operator.api.Modes;
import java.util.List;

/**
 * What an agent is to run, as far as it depends on the roll-out.
 *
 * @param stage the stage, or the one that is prepared for
 * @param prepared the stage below decides still, while what {@code stage} needs of Raft runs beside it and decides nothing
 * @param voters node ids that are to vote in Raft
 */
public record Setting(int stage, boolean prepared, List<String> voters) {
    public Setting {
        voters = List.copyOf(voters);
    }

    static Setting of(int stage, List<String> voters) {
        return new Setting(stage, false, voters);
    }

    static Setting prepared(int stage, List<String> voters) {
        return new Setting(stage, true, voters);
    }

    /** The stage whose modes decide. */
    public int decidingStage() {
        return prepared ? stage - 1 : stage;
    }

    /** @param ladder the modes of every stage, by stage */
    public Modes modes(List<Modes> ladder) {
        Modes decides = ladder.get(decidingStage());
        return new Modes(
                decides.swimEnabled(),
                decides.membership(),
                decides.raftEnabled() || ladder.get(stage).raftEnabled(),
                decides.consensus());
    }

    /** As a sentence names it. */
    public String describe() {
        return prepared ? "stage " + decidingStage() + ", prepared for " + stage : "stage " + stage;
    }
}
