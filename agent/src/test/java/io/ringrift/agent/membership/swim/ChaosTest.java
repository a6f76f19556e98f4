package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Random clusters with a bad minute each. {@code -Dringrift.swim.seeds=FROM-TO} runs other or more seeds. */
class ChaosTest {
    @Test
    void whateverHappensTheRulesHoldAndTheViewsBecomeEqual() {
        String[] range = System.getProperty("ringrift.swim.seeds", "0-200").split("-");
        Map<Chaos.Sometimes, Integer> seen = new EnumMap<>(Chaos.Sometimes.class);

        for (long seed = Long.parseLong(range[0]); seed < Long.parseLong(range[1]); seed++) {
            for (Chaos.Sometimes rare : new Chaos(seed).run()) {
                seen.merge(rare, 1, Integer::sum);
            }
        }

        System.out.println("chaos, seeds " + String.join("-", range) + ", runs in which it happened: " + seen);
        assertThat(seen)
                .as("a run in which the rare things never happen proves little")
                .containsKeys(
                        Chaos.Sometimes.REFUTED,
                        Chaos.Sometimes.RESTARTED,
                        Chaos.Sometimes.ISOLATED,
                        Chaos.Sometimes.PARTITION_SUSPECTED,
                        Chaos.Sometimes.NOT_ME,
                        Chaos.Sometimes.SYNCED,
                        Chaos.Sometimes.REPLAY_REFUSED,
                        Chaos.Sometimes.REKEYED,
                        Chaos.Sometimes.UNUSUAL_SETTINGS,
                        Chaos.Sometimes.TCP_SHUT,
                        Chaos.Sometimes.UDP_BLOCKED,
                        Chaos.Sometimes.FOREIGN_TAKEOVER);
    }

    @Test
    void theSameSeedIsTheSameRun() {
        for (long seed = 0; seed < 5; seed++) {
            Chaos first = new Chaos(seed);
            Chaos second = new Chaos(seed);
            first.run();
            second.run();

            assertThat(first.traceHash())
                    .as("seed %d", seed)
                    .isEqualTo(second.traceHash())
                    .isNotZero();
        }
    }
}
