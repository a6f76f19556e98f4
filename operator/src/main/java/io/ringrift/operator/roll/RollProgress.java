package io.ringrift.operator.roll;

import java.util.Optional;

/**
 * How far a roll is, for status.
 *
 * @param updated number of pods that were made from the present template
 * @param total number of members
 * @param underWay a pod is there that was made from another template
 * @param doing what is waited for or was done last, as the end of a sentence
 */
public record RollProgress(int updated, int total, boolean underWay, Optional<String> doing) {

    /** Of a workload whose pods are somebody else's to roll. */
    public static final RollProgress NONE = new RollProgress(0, 0, false, Optional.empty());

    /** The same, with what is done about it. */
    public RollProgress doing(String what) {
        return new RollProgress(updated, total, underWay, Optional.of(what));
    }

    /** How many pods run what, in a sentence that stays the same while nothing changes. */
    public String sentence() {
        return "Rolling pods: " + updated + " of " + total + " run the new template"
                + doing.map(what -> "; " + what).orElse("") + ".";
    }
}
