package io.ringrift.agent.membership.swim;

import java.time.Duration;

/** The three profiles of the configuration. */
final class Profiles {
    static final SwimSettings DEFAULT = of(5_000, 3_000, 1_000);
    static final SwimSettings FAST = of(3_000, 2_000, 500);
    static final SwimSettings LOW_BANDWIDTH = of(10_000, 5_000, 2_000);

    private Profiles() {}

    static SwimSettings of(long failure, long suspicion, long ping) {
        return new SwimSettings(
                Duration.ofMillis(failure), Duration.ofMillis(suspicion), Duration.ofMillis(ping), 3, 10);
    }
}
