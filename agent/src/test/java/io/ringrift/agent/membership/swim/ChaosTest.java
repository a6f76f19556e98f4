package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random clusters with a bad minute each. {@code -Dringrift.swim.seeds=FROM-TO} runs other or more seeds. */
@Tag("simulation")
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

    /** Nothing depends on this process: not on addresses of objects, not on the order of a hash table, not on the time of day. */
    @Test
    void theSameSeedIsTheSameRunInAnotherProcess() throws Exception {
        long events = 0;
        StringBuilder here = new StringBuilder();
        for (long seed = 290; seed < 335; seed++) {
            Simulation simulation = new Simulation(seed);
            new Chaos(simulation).run();
            events += simulation.processed();
            here.append(Simulator.trace("chaos", simulation)).append('\n');
        }
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Simulator.class.getName(),
                        "--seeds",
                        "290-335")
                .redirectErrorStream(true)
                .start();
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        StringBuilder there = new StringBuilder();
        said.lines()
                .filter(line -> line.startsWith("seed "))
                .map(line -> line.substring(0, line.indexOf(" events") + 7))
                .forEach(line -> there.append(line).append('\n'));

        assertThat(other.waitFor()).as(said).isZero();
        assertThat(there).hasToString(here.toString());
        assertThat(events).isGreaterThan(1_000_000);
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
