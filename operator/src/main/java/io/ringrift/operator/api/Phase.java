package io.ringrift.operator.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What goes on in the cluster, in one word. */
public enum Phase {
    /** Pods are being made, or not every agent has acknowledged its configuration yet. */
    PENDING("Pending"),
    /** Where the resource says it should be. */
    STABLE("Stable"),
    /** Healthy, and waiting for the soak to end before it goes up a stage. */
    SOAKING("Soaking"),
    /** A few pods run the next stage, or all of them a phase of consensus. */
    CANARY("Canary"),
    /** The gates watch the step that was just taken. */
    VERIFYING("Verifying"),
    /** On the way back to the last good stage. */
    ROLLING_BACK("RollingBack"),
    /** Held by the annotation {@code ringrift.io/rollout: pause}. */
    PAUSED("Paused"),
    /** Something needs a look; the conditions say what. */
    DEGRADED("Degraded");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    /** The word as status shows it. */
    @JsonValue
    public String word() {
        return word;
    }

    /** Whether the cluster is on its way to another stage. */
    public boolean isUnderWay() {
        return switch (this) {
            case SOAKING, CANARY, VERIFYING, ROLLING_BACK, PAUSED -> true;
            case PENDING, STABLE, DEGRADED -> false;
        };
    }

    /** The phase written so, or null for a word this version does not know. */
    @JsonCreator
    public static Phase of(String word) {
        for (Phase phase : values()) {
            if (phase.word.equals(word)) {
                return phase;
            }
        }
        return null;
    }
}
