package io.ringrift.operator.rollout;

/**
 * How many members a step reaches: a number or a share.
 *
 * @param value 1 or more; with {@code percent} at most 100
 */
public record Step(int value, boolean percent) {

    public Step {
        if (value < 1 || (percent && value > 100)) {
            throw new IllegalArgumentException("a step is a whole number from 1 or 1% to 100%, not " + value);
        }
    }

    /** Reads {@code 2} or {@code 50%}. */
    public static Step parse(String text) {
        boolean percent = text.endsWith("%");
        return new Step(Integer.parseInt(percent ? text.substring(0, text.length() - 1) : text), percent);
    }

    /** How many of {@code members}; a share is rounded up, so that it is never nobody. */
    int of(int members) {
        int wanted = percent ? (members * value + 99) / 100 : value;
        return Math.min(wanted, members);
    }
}
