package io.ringrift.agent.config;

import io.ringrift.agent.config.AgentConfig.SwimProfile;

/** The times that a SWIM profile stands for, written as one would write them. */
record SwimTimes(String failureTimeout, String suspicionTimeout, String pingInterval) {
    static SwimTimes of(SwimProfile profile) {
        return switch (profile) {
            case DEFAULT -> new SwimTimes("5.0", "3.0", "1.0");
            case FAST -> new SwimTimes("3.0", "2.0", "0.5");
            case LOW_BANDWIDTH -> new SwimTimes("10.0", "5.0", "2.0");
        };
    }

    String inWords() {
        return failureTimeout + ", " + suspicionTimeout + ", " + pingInterval;
    }
}
