package io.ringrift.agent.consensus.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskLossTest {
    private static final List<String> OTHERS = List.of("n-1", "n-2");
    private static final Duration START = Duration.ofSeconds(100);

    private final DiskLoss loss = new DiskLoss();
    private final Map<String, VoterStatus> heard = new HashMap<>();

    @Test
    void nobodyIsTakenForLostWhoseRaftIsOffOrWhoWasNotHeard() {
        heard.put("n-1", starts("n-1"));
        assertThat(atTheEnd()).as("n-2 was not heard").isEmpty();
        heard.put("n-2", new VoterStatus(Optional.empty(), 1, List.of(), false, false));
        assertThat(atTheEnd()).as("n-2 has Raft off").isEmpty();
        heard.put("n-2", starts("n-2"));
        assertThat(atTheEnd())
                .hasValueSatisfying(sentence -> assertThat(sentence).startsWith("Data loss: "));
    }

    @Test
    void whoStartsFromItsDiskIsGivenTheTimeToSaySo() {
        OTHERS.forEach(other -> heard.put(other, starts(other)));
        assertThat(loss.told(heard, OTHERS, START)).isEmpty();
        Duration justBefore = START.plus(DiskLoss.STARTING).minusMillis(1);
        assertThat(loss.told(heard, OTHERS, justBefore)).isEmpty();
        heard.put("n-2", new VoterStatus(Optional.of(peer("n-2")), 1, List.of(), true, false));
        assertThat(loss.told(heard, OTHERS, START.plus(DiskLoss.STARTING))).isEmpty();
        heard.put("n-2", starts("n-2"));
        assertThat(loss.told(heard, OTHERS, START.plus(DiskLoss.STARTING)))
                .as("the time counts anew")
                .isEmpty();
    }

    @Test
    void timeThatItDidNotWaitDoesNotCount() {
        OTHERS.forEach(other -> heard.put(other, starts(other)));
        assertThat(loss.told(heard, OTHERS, START)).isEmpty();
        loss.reset();
        assertThat(loss.told(heard, OTHERS, START.plus(DiskLoss.STARTING))).isEmpty();
    }

    @Test
    void whoHoldsTheLogAndFoundTheLossIsBelievedAtOnce() {
        heard.put("n-2", new VoterStatus(Optional.of(peer("n-2")), 1, List.of(), true, true));
        assertThat(loss.told(heard, OTHERS, START)).isPresent();
    }

    private Optional<String> atTheEnd() {
        loss.told(heard, OTHERS, START);
        Optional<String> end = loss.told(heard, OTHERS, START.plus(DiskLoss.STARTING));
        loss.reset();
        return end;
    }

    /** A voter with Raft on whose peer does not run yet. */
    private static VoterStatus starts(String node) {
        return new VoterStatus(Optional.of(peer(node)), 1, List.of(), false, false);
    }

    private static PeerId peer(String node) {
        return PeerId.parse(node + ".00000001").orElseThrow();
    }
}
