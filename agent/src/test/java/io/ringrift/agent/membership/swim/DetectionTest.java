package io.ringrift.agent.membership.swim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.membership.swim.CrashTrial.End;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How soon a member that is gone is known to be gone. The bounds follow from the settings: an interval until the ring predecessor
 * pings, half of one to the verdict, then the window, which is shorter where the host refuses connections to the dead process.
 */
@Tag("simulation")
class DetectionTest {
    @ParameterizedTest
    @CsvSource({
        "KILLED, 2, 2.0, 2.51", "KILLED, 3, 2.0, 2.51", "KILLED, 10, 2.0, 2.51", "KILLED, 50, 2.0, 2.51",
        "VANISHED, 2, 3.9, 4.51", "VANISHED, 3, 3.9, 4.51", "VANISHED, 5, 3.9, 4.51", "VANISHED, 10, 3.9, 4.51",
        "VANISHED, 50, 3.9, 4.51", "VANISHED, 128, 3.9, 4.51"
    })
    void defaultProfile(End end, int members, double median, double longest) {
        CrashTrial trial = CrashTrial.run(members, members, Profiles.DEFAULT, end, 50);

        System.out.println("default profile, " + end + ", N=" + members + ", " + trial);
        assertThat(trial.firstFailed(0.5)).isLessThanOrEqualTo(median);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(longest);
        assertThat(trial.allKnow(1)).isLessThanOrEqualTo(longest + 1.1);
    }

    @ParameterizedTest
    @CsvSource({
        "KILLED, 2, 1.43",
        "KILLED, 3, 1.43",
        "KILLED, 10, 1.43",
        "KILLED, 50, 1.43",
        "VANISHED, 3, 2.76",
        "VANISHED, 10, 2.76",
        "VANISHED, 50, 2.76"
    })
    void fastProfile(End end, int members, double longest) {
        CrashTrial trial = CrashTrial.run(members, members, Profiles.FAST, end, 50);

        System.out.println("fast profile, " + end + ", N=" + members + ", " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(longest);
    }

    @ParameterizedTest
    @CsvSource({"KILLED, 4.68", "VANISHED, 8.01"})
    void lowBandwidthProfile(End end, double longest) {
        CrashTrial trial = CrashTrial.run(1, 10, Profiles.LOW_BANDWIDTH, end, 50);

        System.out.println("low-bandwidth profile, " + end + ", N=10, " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(longest);
    }

    /** The same bound in a cluster a hundred times as large; the long run takes more crashes. */
    @Test
    void aThousandMembers() {
        int crashes = Integer.getInteger("ringrift.swim.crashes", 10);
        CrashTrial trial = CrashTrial.run(1, 1_000, Profiles.DEFAULT, End.VANISHED, crashes);

        System.out.println("default profile, VANISHED, N=1000, " + trial);
        assertThat(trial.firstFailed(1)).isLessThanOrEqualTo(4.51);
        assertThat(trial.allKnow(0.5)).isLessThanOrEqualTo(4.3);
        assertThat(trial.allKnow(0.99)).isLessThanOrEqualTo(5.0);
    }
}
