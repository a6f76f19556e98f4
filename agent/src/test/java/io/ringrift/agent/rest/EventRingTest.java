package io.ringrift.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ring forgets the oldest, and knows what it has forgotten. */
class EventRingTest {
    private final EventRing ring = new EventRing("boot1", 3);

    @Test
    void idsRiseAcrossOpeningsAndEvents() {
        ring.append("member", "{}");
        assertThat(ring.reserveOpening(4)).isEqualTo(2);
        ring.append("leader", "{}");
        assertThat(ring.after(1).orElseThrow().getKey()).isEqualTo(6);
        assertThat(ring.after(1).orElseThrow().getValue()).isEqualTo("id: boot1-6\nevent: leader\ndata: {}\n\n");
        assertThat(ring.after(6)).isEmpty();
    }

    @Test
    void resumesAfterWhatItKeepsAndAfterAWholeOpening() {
        ring.append("member", "{}");
        long first = ring.reserveOpening(3);
        assertThat(ring.resume("boot1-1")).hasValue(1);
        assertThat(ring.resume("boot1-" + (first + 2))).hasValue(first + 2);
        // In the middle of an opening the reader has seen a part of the state only.
        assertThat(ring.resume("boot1-" + (first + 1))).isEmpty();
    }

    @Test
    void otherInstancesUnknownAndOldIdsBeginAnew() {
        for (int i = 0; i < 5; i++) {
            ring.append("member", "{}");
        }
        assertThat(ring.resume("boot1-1")).isEmpty();
        assertThat(ring.resume("boot1-3")).hasValue(3);
        for (String id :
                new String[] {"boot2-4", "boot1-6", "boot1-", "", "4", "boot1-99999999999999999999", "x".repeat(10_000)
                }) {
            assertThat(ring.resume(id)).as(id).isEmpty();
        }
    }

    @Test
    void saysWhatAReaderHasLost() {
        for (int i = 0; i < 4; i++) {
            ring.append("member", "{}");
        }
        assertThat(ring.lost(1)).isFalse();
        assertThat(ring.lost(0)).isTrue();
    }
}
