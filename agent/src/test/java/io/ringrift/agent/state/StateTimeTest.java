package io.ringrift.agent.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StateTimeTest {
    private static final Duration NOON = Duration.ofMillis(1_800_000_000_000L);
    private static final Duration HOUR = Duration.ofHours(1);

    private static Duration s(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** A node that follows another one's leader, and applied an entry of noon 5 s after its start. */
    private static StateTime following() {
        return StateTime.NONE.confirmed().applied(NOON, s(5));
    }

    private static Duration led(StateTime before, Duration wall, double now) {
        return before.led(wall, s(now)).time();
    }

    @Test
    void aClockMovesTheTimeOfItsLeaderByAHundredthAtMost() {
        Duration expected = NOON.plus(s(20));
        assertThat(led(following(), expected, 25)).isEqualTo(expected);
        assertThat(led(following(), expected.plus(s(0.1)), 25)).isEqualTo(expected.plus(s(0.1)));
        assertThat(led(following(), expected.plus(s(10)), 25)).isEqualTo(expected.plus(s(0.2)));
        assertThat(led(following(), expected.minus(s(10)), 25)).isEqualTo(expected.minus(s(0.2)));
        assertThat(led(following(), expected.plus(HOUR), 25)).isEqualTo(expected.plus(s(0.2)));
        assertThat(led(following(), Duration.ZERO, 25))
                .as("a node that woke up in 1970")
                .isEqualTo(expected.minus(s(0.2)));
        assertThat(led(following(), Duration.ofMillis(Long.MAX_VALUE), 25)).isEqualTo(expected.plus(s(0.2)));
    }

    @Test
    void manyEntriesASecondMoveItNoFasterAndLoseNothing() {
        for (Duration off : new Duration[] {Duration.ZERO, HOUR, HOUR.negated()}) {
            StateTime time = following();
            for (int i = 1; i <= 100_000; i++) {
                Duration now = s(5).plusNanos(i * 700_100L);
                time = time.led(NOON.plus(now.minus(s(5))).plus(off), now);
            }
            double passed = 100_000 * 0.000_700_1;
            double expected = passed * (1 + 0.01 * Math.signum(off.toSeconds()));
            assertThat(time.time().minus(NOON).toNanos() / 1e9).isCloseTo(expected, offset(0.001));
        }
    }

    @Test
    void aNewGroupBeginsWithTheClockOfItsFirstLeader() {
        assertThat(led(StateTime.NONE, NOON, 1)).isEqualTo(NOON);
        assertThat(led(StateTime.NONE.confirmed(), NOON, 1)).isEqualTo(NOON);
    }

    @Test
    void aGroupThatWasDownGoesOnWithTheClockAndNeverBack() {
        StateTime restarted = StateTime.NONE.applied(NOON, s(5));
        assertThat(led(restarted, NOON.plus(HOUR), 25)).isEqualTo(NOON.plus(HOUR));
        assertThat(led(restarted, NOON.minus(HOUR), 25)).isEqualTo(NOON.plus(s(20 - 0.2)));
    }

    @Test
    void whoeverKnowsTellsOneThatHasOnlyAnOldEntry() {
        StateTime restarted = StateTime.NONE.applied(NOON, s(5));
        StateTime told = restarted.heard(NOON.plus(s(60)), s(6));
        assertThat(led(told, NOON.plus(HOUR), 7)).isEqualTo(NOON.plus(s(61 + 0.01)));
        // It waited in somebody who was paused.
        assertThat(told.heard(NOON, s(8)).on(s(8))).isEqualTo(NOON.plus(s(62)));
        assertThat(StateTime.NONE.heard(NOON, s(5)).on(s(6))).isEqualTo(NOON.plus(s(1)));
    }

    @Test
    void anEntryThatIsLaterThanWasThoughtIsTheTime() {
        assertThat(following().applied(NOON.plus(s(30)), s(25)).on(s(26))).isEqualTo(NOON.plus(s(31)));
    }

    @Test
    void anEntryThatComesLateToANodeThatWasPausedHardlyCounts() {
        StateTime paused = following().applied(NOON.plus(s(1)), s(15));
        assertThat(paused.on(s(15))).isEqualTo(NOON.plus(s(10 - 0.2)));
    }

    @Test
    void aFollowerGoesWithALeaderThatSlowsDown() {
        StateTime leader = following();
        StateTime follower = following();
        for (int second = 6; second < 3_600; second++) {
            leader = leader.led(NOON.minus(HOUR), s(second));
            follower = follower.applied(leader.time(), s(second + 0.002));
        }
        assertThat(follower.on(s(3_600)).minus(leader.on(s(3_600)))).isBetween(s(-0.002), s(0.02));
    }

    /** Leaders with any clock, changed at any time, entries that come late to whoever leads next: what was to last 10 s lasts 10 s. */
    @Test
    void noChangeOfLeaderEndsAnythingEarly() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StateTime[] nodes = {following(), following(), following()};
            Duration[] clocks = {
                s(random.nextDouble(-60, 60)), s(random.nextDouble(-7_200, 7_200)), s(random.nextDouble(-1, 1))
            };
            double now = 5;
            for (int term = 0; term < 10; term++) {
                int leader = random.nextInt(3);
                for (int entry = random.nextInt(1, 20); entry > 0; entry--) {
                    now += random.nextDouble(0.001, 2);
                    nodes[leader] = nodes[leader].led(NOON.plus(s(now)).plus(clocks[leader]), s(now));
                    Duration given = nodes[leader].time();
                    double passed = now - 5;
                    assertThat(given.minus(NOON).toNanos() / 1e9 - passed)
                            .as("seed %d, after %.1f s", seed, passed)
                            .isBetween(-0.01 * passed - 0.2 * (term + 1), 0.01 * passed + 0.001);
                    for (int other = 0; other < 3; other++) {
                        if (other != leader) {
                            nodes[other] = nodes[other].applied(given, s(now + random.nextDouble(0.001, 0.05)));
                        }
                    }
                    now += 0.05;
                }
            }
        }
    }

    /**
     * As peers really are: a heartbeat tells the time 27 times a second, entries are applied right after one, some nodes are paused and hear all of
     * it late, and any node may lead next. Whatever was given to last for a while lasts as long, within 1 % and a hundredth of a second.
     */
    @Test
    void whoFollowedForLongAndLeadsThenEndsNothingEarly() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StateTime[] nodes = {following(), following(), following()};
            double[] clocks = {random.nextDouble(-60, 60), random.nextDouble(-7_200, 7_200), random.nextDouble(-1, 1)};
            double[] hears = new double[3];
            double now = 5;
            double slowest = Double.MAX_VALUE;
            for (int term = 0; term < 6; term++) {
                int leader = random.nextInt(3);
                int seldom = random.nextBoolean() ? 3 : 500;
                for (double end = now + random.nextDouble(1, 60); now < end; now += 0.037) {
                    boolean entry = random.nextInt(seldom) == 0;
                    if (entry) {
                        nodes[leader] = nodes[leader].led(NOON.plus(s(now + clocks[leader])), s(now));
                        double early = nodes[leader].time().minus(NOON).toNanos() / 1e9 - 1.01 * now;
                        slowest = Math.min(slowest, early);
                        assertThat(early - slowest)
                                .as("seed %d, after %.1f s, by so much is it too early", seed, now)
                                .isLessThan(0.01);
                    }
                    Duration told = nodes[leader].atLeast(s(now));
                    for (int other = 0; other < 3; other++) {
                        if (other == leader) {
                            continue;
                        }
                        double late = random.nextInt(2_000) == 0 ? random.nextDouble(3) : random.nextDouble(0.03);
                        hears[other] = Math.max(now + late, hears[other]);
                        Duration heard = s(hears[other]);
                        nodes[other] = nodes[other].followed(told, heard);
                        if (entry) {
                            nodes[other] = nodes[other].applied(nodes[leader].time(), heard);
                        }
                    }
                }
                now += 3.1;
            }
        }
    }
}
