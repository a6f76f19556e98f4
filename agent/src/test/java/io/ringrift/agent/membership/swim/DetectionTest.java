package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How soon a host that vanishes is known to be gone. Nothing answers for it, not even a refused connection. */
class DetectionTest {
    @ParameterizedTest
    @CsvSource({"2", "3", "5", "10", "50", "128"})
    void defaultProfile(int members) {
        CrashTrial trial = CrashTrial.run(members, members, Profiles.DEFAULT, 50);

        System.out.println("default profile, N=" + members + ", " + trial);
        assertThat(trial.firstFailed(0.5)).isLessThanOrEqualTo(3.95);
        // The bound: an interval until the ring predecessor pings, half of one to the verdict, the window. Of three
        // members the
        // one left to confirm may be the one whose answer is awaited, so N=3 counts like all others.
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(4.51);
        assertThat(trial.allKnow(1)).isLessThanOrEqualTo(5.6);
    }

    @ParameterizedTest
    @CsvSource({"3", "10", "50"})
    void fastProfile(int members) {
        CrashTrial trial = CrashTrial.run(members, members, Profiles.FAST, 50);

        System.out.println("fast profile, N=" + members + ", " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(2.76);
    }

    @Test
    void lowBandwidthProfile() {
        CrashTrial trial = CrashTrial.run(1, 10, Profiles.LOW_BANDWIDTH, 50);

        System.out.println("low-bandwidth profile, N=10, " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(8.01);
    }

    /** The same bound in a cluster a hundred times as large; the long run takes more crashes. */
    @Test
    void aThousandMembers() {
        CrashTrial trial = CrashTrial.run(1, 1_000, Profiles.DEFAULT, Integer.getInteger("ringrift.swim.crashes", 10));

        System.out.println("default profile, N=1000, " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(4.51);
        assertThat(trial.allKnow(0.5)).isLessThanOrEqualTo(4.3);
        assertThat(trial.allKnow(0.99)).isLessThanOrEqualTo(5.0);
    }
}
