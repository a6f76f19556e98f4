package io.ringrift.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringrift.operator.pki.GossipRing.Occasion;
import io.ringrift.operator.pki.GossipRing.Outcome;
import io.ringrift.operator.pki.GossipRing.Step;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GossipRingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Occasion HEARD = new Occasion(Optional.empty(), true);
    private static final Occasion ASKED = new Occasion(Optional.of("leaked"), true);

    private final SecureRandom random = new SecureRandom();
    private final GossipRing fresh = GossipRing.create(NOW, random);

    @Test
    void aKeyIsReplacedInThreeStepsEachAfterAgentsHaveTakenOverTheLast() {
        String old = fresh.text().strip();

        GossipRing added = changed(fresh.next(ASKED, NOW, random));
        List<String> two = added.text().lines().toList();
        assertThat(two).hasSize(2).first().as("the old one seals").isEqualTo(old);

        assertUnchanged(added, ASKED, NOW.plus(GossipRing.SPREADING).minusMillis(1));
        Instant then = NOW.plus(GossipRing.SPREADING);
        GossipRing promoted = changed(added.next(ASKED, then, random));
        assertThat(promoted.text().lines()).containsExactly(two.get(1), old);

        assertUnchanged(promoted, ASKED, then.plus(GossipRing.SPREADING).minusMillis(1));
        GossipRing done = changed(promoted.next(ASKED, then.plus(GossipRing.SPREADING), random));
        assertThat(done.text().lines()).containsExactly(two.get(1));
        assertThat(done.step()).isEqualTo(Step.REST);

        assertUnchanged(done, ASKED, then.plusSeconds(86_400));
        Occasion again = new Occasion(Optional.of("leaked again"), true);
        assertThat(done.next(again, then.plusSeconds(86_400), random).ring().step())
                .isEqualTo(Step.ADDED);
    }

    @Test
    void aKeyIsReplacedByItselfWhenItIsOld() {
        assertUnchanged(fresh, HEARD, NOW.plus(GossipRing.LIFE).minusMillis(1));
        Outcome outcome = fresh.next(HEARD, NOW.plus(GossipRing.LIFE), random);
        assertThat(outcome.ring().step()).isEqualTo(Step.ADDED);
        assertThat(outcome.change().orElseThrow()).contains("30 days old");
    }

    @Test
    void noStepIsTakenWhileAnAgentDoesNotAnswer() {
        Occasion silent = new Occasion(Optional.of("leaked"), false);
        Instant later = NOW.plus(GossipRing.LIFE);
        assertUnchanged(fresh, silent, later);
        GossipRing added = changed(fresh.next(ASKED, NOW, random));
        assertUnchanged(added, silent, later);
        GossipRing promoted = changed(added.next(ASKED, later, random));
        assertUnchanged(promoted, silent, later.plus(GossipRing.LIFE));
    }

    @Test
    void whatIsEditedByHandIsLeftAlone() {
        String two = fresh.text() + GossipRing.create(NOW, random).text();
        assertUnchanged(ring(two, Step.REST), ASKED, NOW);
        assertUnchanged(ring("rubbish\n", Step.REST), ASKED, NOW);
        assertThat(ring("# why\nrubbish\n" + fresh.text(), Step.REST).unusable())
                .containsExactly(2);

        for (Step step : List.of(Step.ADDED, Step.PROMOTED)) {
            Outcome ended = ring(fresh.text(), step).next(HEARD, NOW, random);
            assertThat(ended.ring().step()).isEqualTo(Step.REST);
            assertThat(ended.ring().text()).isEqualTo(fresh.text());
            assertThat(ended.change().orElseThrow()).contains("by hand");
        }
    }

    @Test
    void noStringFormAndNoSentenceShowsAKey() {
        Outcome outcome = fresh.next(ASKED, NOW, random);
        assertThat(outcome.toString()).doesNotContain(fresh.text().strip());
        outcome.ring()
                .text()
                .lines()
                .forEach(key -> assertThat(outcome.toString()).doesNotContain(key));
    }

    private GossipRing ring(String text, Step step) {
        return new GossipRing(text, step, NOW, Optional.empty());
    }

    private static GossipRing changed(Outcome outcome) {
        assertThat(outcome.change()).isPresent();
        return outcome.ring();
    }

    private void assertUnchanged(GossipRing ring, Occasion occasion, Instant now) {
        Outcome outcome = ring.next(occasion, now, random);
        assertThat(outcome.change()).isEmpty();
        assertThat(outcome.ring()).isEqualTo(ring);
    }
}
