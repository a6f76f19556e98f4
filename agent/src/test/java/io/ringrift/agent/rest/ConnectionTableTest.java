package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.agent.rest.ConnectionTable.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections get their time and no more, and room is made at the expense of those that wait. */
class ConnectionTableTest {
    private final ConnectionTable<String> table = new ConnectionTable<>();

    private static Duration at(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void eachPhaseEndsInTime() {
        table.opened("silent", 9, at(0));
        table.opened("served", 9, at(0));
        table.phase("served", Phase.ANSWERING, at(1));
        table.phase("served", Phase.IDLE, at(2));
        assertThat(table.expired(at(9))).isEmpty();
        assertThat(table.expired(at(10))).containsExactly("silent");
        assertThat(table.expired(at(76))).isEmpty();
        assertThat(table.expired(at(77))).containsExactly("served");
        assertThat(table.size()).isZero();
    }

    @Test
    void streamsDoNotEndByTime() {
        table.opened("stream", 9, at(0));
        table.phase("stream", Phase.STREAMING, at(1));
        assertThat(table.expired(Duration.ofDays(365))).isEmpty();
    }

    @Test
    void theOneThatWaitedLongestMakesRoom() {
        table.opened("busy", 3, at(0));
        table.opened("old", 3, at(1));
        table.opened("new", 3, at(2));
        table.phase("busy", Phase.ANSWERING, at(3));
        table.phase("old", Phase.ANSWERING, at(3));
        table.phase("old", Phase.IDLE, at(4));
        assertThat(table.opened("probe", 3, at(5))).contains("new");
        assertThat(table.opened("probe2", 3, at(6))).contains("old");
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void whereAllAreBusyTheNewOneGoes() {
        table.opened("busy", 1, at(0));
        table.phase("busy", Phase.RECEIVING, at(0));
        assertThat(table.opened("late", 1, at(1))).contains("late");
        assertThat(table.phase("busy")).contains(Phase.RECEIVING);
        table.phase("late", Phase.ANSWERING, at(2));
        assertThat(table.size()).isEqualTo(1);
    }
}
