package io.ringrift.operator.pki;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The gossip keys of a cluster and where their rotation is: the first key seals, all open. A key is replaced without losing a packet in
 * three steps, each after every agent has had the time to take over the one before: the new key is added, it becomes the
 * first, the old one is removed.
 *
 * @param text the file that agents mount, a key a line; secret
 * @param step the step that was taken last
 * @param since when; at rest: since when this key is used
 * @param fulfilled the request that was fulfilled last; empty: none
 */
public record GossipRing(String text, Step step, Instant since, Optional<String> fulfilled) {

    /** How long one key is used. */
    public static final Duration LIFE = Duration.ofDays(30);

    /**
     * Time between two steps. A kubelet brings a changed Secret into a running pod within about 90 seconds, the agent looks at the file every few
     * seconds; this leaves room for a node that is slow.
     */
    public static final Duration SPREADING = Duration.ofMinutes(10);

    private static final int KEY_BYTES = 32;

    /** Where a rotation is. */
    public enum Step {
        /** None is under way. */
        REST,
        /** The new key is there, the old one seals. */
        ADDED,
        /** The new key seals, the old one opens what is still on the way. */
        PROMOTED
    }

    /**
     * What may set a rotation going, and what it needs to go on.
     *
     * @param request of a user, any text: rotates once for each text; empty: none
     * @param everybodyHears every member is there and its agent answers
     */
    public record Occasion(Optional<String> request, boolean everybodyHears) {
        /** None. */
        public static final Occasion NONE = new Occasion(Optional.empty(), false);
    }

    /**
     * The ring after a look at it.
     *
     * @param change what was done and why, a sentence without a secret; empty: nothing
     */
    public record Outcome(GossipRing ring, Optional<String> change) {}

    /** A ring with one new key. */
    public static GossipRing create(Instant now, SecureRandom random) {
        return new GossipRing(RandomSecrets.gossipKey(random) + "\n", Step.REST, now, Optional.empty());
    }

    /** Takes the step that is due, if one is. A ring that somebody edits by hand is left alone. */
    public Outcome next(Occasion occasion, Instant now, SecureRandom random) {
        List<String> keys = keys();
        if (!keys.stream().allMatch(GossipRing::isKey)) {
            return new Outcome(this, Optional.empty());
        }
        return switch (step) {
            case REST -> keys.size() == 1 ? begin(keys.getFirst(), occasion, now, random) : unchanged();
            case ADDED, PROMOTED -> keys.size() == 2 ? goOn(keys, occasion, now) : changedByHand(now);
        };
    }

    private Outcome begin(String key, Occasion occasion, Instant now, SecureRandom random) {
        boolean asked = occasion.request().isPresent() && !occasion.request().equals(fulfilled);
        boolean old = !now.isBefore(since.plus(LIFE));
        if (!(asked || old) || !occasion.everybodyHears()) {
            return unchanged();
        }
        var added = new GossipRing(
                lines(key, RandomSecrets.gossipKey(random)), Step.ADDED, now, asked ? occasion.request() : fulfilled);
        return new Outcome(
                added,
                Optional.of("Added a new gossip key, which will seal in " + SPREADING.toMinutes() + " minutes: "
                        + (asked ? "it was asked for." : "the present one is " + LIFE.toDays() + " days old.")));
    }

    private Outcome goOn(List<String> keys, Occasion occasion, Instant now) {
        if (now.isBefore(since.plus(SPREADING)) || !occasion.everybodyHears()) {
            return unchanged();
        }
        return step == Step.ADDED
                ? new Outcome(
                        new GossipRing(lines(keys.get(1), keys.get(0)), Step.PROMOTED, now, fulfilled),
                        Optional.of("The new gossip key seals now; the old one will be removed in "
                                + SPREADING.toMinutes() + " minutes."))
                : new Outcome(
                        new GossipRing(lines(keys.getFirst()), Step.REST, now, fulfilled),
                        Optional.of("Removed the old gossip key: the rotation is done."));
    }

    private Outcome changedByHand(Instant now) {
        return new Outcome(
                new GossipRing(text, Step.REST, now, fulfilled),
                Optional.of("The rotation of the gossip key ends here: somebody has changed the keys by hand."));
    }

    private Outcome unchanged() {
        return new Outcome(this, Optional.empty());
    }

    private List<String> keys() {
        return text.lines().map(String::strip).filter(GossipRing::isSaid).toList();
    }

    private static boolean isSaid(String line) {
        return !line.isEmpty() && !line.startsWith("#");
    }

    private static String lines(String... keys) {
        return String.join("\n", keys) + "\n";
    }

    private static boolean isKey(String line) {
        try {
            return Base64.getDecoder().decode(line).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The numbers of lines that are no keys, from 1. */
    public List<Integer> unusable() {
        List<String> lines = text.lines().toList();
        var numbers = new ArrayList<Integer>();
        for (int line = 0; line < lines.size(); line++) {
            String stripped = lines.get(line).strip();
            if (isSaid(stripped) && !isKey(stripped)) {
                numbers.add(line + 1);
            }
        }
        return numbers;
    }

    /** Leaves the keys out. */
    @Override
    public String toString() {
        return "GossipRing[" + step + " since " + since + "]";
    }
}
