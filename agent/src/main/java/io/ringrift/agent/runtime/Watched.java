package io.ringrift.agent.runtime;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something on disk that is looked at again and again. {@link #look} and {@link #tell} are never called at the same time.
 */
final class Watched<T> {
    /**
     * Looks after a change of the stamp at which the content is read all the same: file times are coarse, so a second write right
     * after the first may leave the same stamp.
     */
    private static final int LOOKS_UNTIL_STAMPS_ARE_TRUSTED = 8;

    private final Supplier<List<String>> stamp;
    private final Supplier<T> read;
    private final Consumer<T> listener;

    private List<String> lastStamp = List.of("never looked at");
    private int looksSinceChange;
    private Optional<T> lastRead = Optional.empty();
    private Optional<T> told = Optional.empty();
    private Optional<T> toTell = Optional.empty();

    /**
     * @param stamp cheap; another one whenever the content is another one, but for two writes right after each other
     * @param read the content
     */
    Watched(Supplier<List<String>> stamp, Supplier<T> read, Consumer<T> listener) {
        this.stamp = stamp;
        this.read = read;
        this.listener = listener;
    }

    /** Reads if anything can have changed; blocks. A content counts when it was read twice in a row. */
    void look() {
        List<String> newStamp = stamp.get();
        looksSinceChange = newStamp.equals(lastStamp) ? looksSinceChange + 1 : 0;
        lastStamp = newStamp;
        if (looksSinceChange > LOOKS_UNTIL_STAMPS_ARE_TRUSTED) {
            return;
        }
        Optional<T> content = Optional.of(read.get());
        if (content.equals(lastRead) && !content.equals(told)) {
            toTell = content;
        }
        lastRead = content;
    }

    /** Whether a new content counts that was not told yet. */
    boolean hasNews() {
        return toTell.isPresent();
    }

    /** Calls the listener if a new content counts. */
    void tell() {
        toTell.ifPresent(content -> {
            told = toTell;
            toTell = Optional.empty();
            listener.accept(content);
        });
    }
}
