package io.ringrift.operator.apply;

import static io.ringrift.operator.observe.Reports.healthy;
import static io.ringrift.operator.observe.Reports.pod;
import static io.ringrift.operator.observe.Reports.three;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.apply.PodPatch.GiveLeaderLabel;
import io.ringrift.operator.apply.PodPatch.TakeLeaderLabel;
import io.ringrift.operator.apply.PodPatch.Touch;
import io.ringrift.operator.observe.AgentReport;
import io.ringrift.operator.observe.ClusterObservation;
import io.ringrift.operator.observe.PodObservation;
import io.ringrift.operator.rollout.Assignment;
import io.ringrift.operator.rollout.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodPatchTest {
    private static final Setting STAGE_1 = new Setting(1, false, List.of());
    private static final Assignment SECOND = new Assignment(STAGE_1, 2, Set.of(), STAGE_1, 2);
    private static final Instant HANDED_OUT = Instant.ofEpochSecond(100);

    @Test
    void takesTheLabelBeforeItGivesIt() {
        var seen = with(pod("demo-0", true, true, OptionalLong.empty()), running("demo-2"));
        assertThat(needed(seen, SECOND, HANDED_OUT))
                .containsExactly(
                        new TakeLeaderLabel(seen.pods().get("demo-0")),
                        new GiveLeaderLabel(seen.pods().get("demo-2")));
    }

    @Test
    void nobodyKeepsTheLabelWhenNobodyLeads() {
        var seen = with(pod("demo-1", true, true, OptionalLong.empty()), running(null));
        assertThat(needed(seen, SECOND, HANDED_OUT))
                .containsExactly(new TakeLeaderLabel(seen.pods().get("demo-1")));
    }

    @Test
    void leavesALabelThatIsRight() {
        var seen = with(pod("demo-2", true, true, OptionalLong.empty()), running("demo-2"));
        assertThat(needed(seen, SECOND, HANDED_OUT)).isEmpty();
    }

    @Test
    void touchesWhoDoesNotRunTheConfigurationYet() {
        var behind = healthy("demo-1", 1, null, 0);
        var seen = three(healthy("demo-0", 2, null, 0), behind, healthy("demo-2", 2, null, 0));
        assertThat(needed(seen, SECOND, HANDED_OUT))
                .containsExactly(new Touch(seen.pods().get("demo-1"), 2));
    }

    @Test
    void touchesWhoIsSilent() {
        var seen = three(healthy("demo-0", 2, null, 0), healthy("demo-1", 2, null, 0));
        assertThat(needed(seen, SECOND, HANDED_OUT))
                .containsExactly(new Touch(seen.pods().get("demo-2"), 2));
    }

    @Test
    void touchesOnceForEachConfiguration() {
        var touched = with(pod("demo-2", true, false, OptionalLong.of(2)), running(null, "demo-0", "demo-1"));
        assertThat(needed(touched, SECOND, HANDED_OUT)).isEmpty();
        var before = with(pod("demo-2", true, false, OptionalLong.of(1)), running(null, "demo-0", "demo-1"));
        assertThat(needed(before, SECOND, HANDED_OUT)).hasSize(1);
    }

    @Test
    void touchesOnlyWhoIsSwitched() {
        Assignment canary = new Assignment(new Setting(0, false, List.of()), 2, Set.of("demo-1"), STAGE_1, 3);
        var seen = three(running(null));
        assertThat(needed(seen, canary, HANDED_OUT))
                .containsExactly(new Touch(seen.pods().get("demo-1"), 3));
    }

    @Test
    void leavesAPodThatWasMadeAfterTheConfiguration() {
        assertThat(needed(three(), SECOND, Instant.EPOCH)).isEmpty();
    }

    @Test
    void givesThePushAMomentBeforeItTouches() {
        var seen = three(healthy("demo-0", 1, null, 0), healthy("demo-1", 2, null, 0));
        var early = PodPatch.plan(seen, SECOND, HANDED_OUT, HANDED_OUT.plusMillis(100));
        assertThat(early.now())
                .describedAs("it was silent, so the push does not reach it")
                .containsExactly(new Touch(seen.pods().get("demo-2"), 2));
        assertThat(early.recheck()).contains(Duration.ofMillis(50));

        var due = PodPatch.plan(seen, SECOND, HANDED_OUT, HANDED_OUT.plusMillis(150));
        assertThat(due.now())
                .containsExactly(
                        new Touch(seen.pods().get("demo-0"), 2),
                        new Touch(seen.pods().get("demo-2"), 2));
        assertThat(due.recheck()).isEmpty();
    }

    @Test
    void waitsForNothingWhereTheClockStoodHigherBefore() {
        var seen = three(healthy("demo-0", 1, null, 0), healthy("demo-1", 2, null, 0), healthy("demo-2", 2, null, 0));
        assertThat(PodPatch.plan(seen, SECOND, HANDED_OUT, HANDED_OUT.minusSeconds(60))
                        .now())
                .containsExactly(new Touch(seen.pods().get("demo-0"), 2));
    }

    private static List<PodPatch> needed(ClusterObservation seen, Assignment assignment, Instant handedOut) {
        return PodPatch.plan(seen, assignment, handedOut, handedOut.plusSeconds(1))
                .now();
    }

    private static AgentReport[] running(String leader, String... nodes) {
        String[] all = nodes.length == 0 ? new String[] {"demo-0", "demo-1", "demo-2"} : nodes;
        AgentReport[] reports = new AgentReport[all.length];
        for (int index = 0; index < all.length; index++) {
            reports[index] = healthy(all[index], 2, leader, 1);
        }
        return reports;
    }

    private static ClusterObservation with(PodObservation pod, AgentReport... reports) {
        ClusterObservation seen = three(reports);
        Map<String, PodObservation> pods = new HashMap<>(seen.pods());
        pods.put(pod.name(), pod);
        return new ClusterObservation(seen.members(), pods, seen.replies());
    }
}
