package io.ringrift.agent.config;

import io.ringrift.agent.config.ConfigStatus.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What was refused last, of documents and of named files, until it is put right. */
final class Refusals {
    /** Where a document came from. */
    enum Origin {
        DIRECTORY,
        PUSH
    }

    private Optional<Refusal> document = Optional.empty();
    private Optional<Refusal> files = Optional.empty();
    private Origin origin = Origin.DIRECTORY;
    private long total;

    Refusal refuseDocument(Origin from, OptionalLong generation, List<Problem> problems) {
        Refusal refusal = new Refusal(generation, sentences(problems));
        total++;
        origin = from;
        document = Optional.of(refusal);
        return refusal;
    }

    Refusal refuseFiles(List<Problem> problems) {
        Refusal refusal = new Refusal(OptionalLong.empty(), sentences(problems));
        total++;
        files = Optional.of(refusal);
        return refusal;
    }

    /** Another document is in force. */
    void clearDocument() {
        document = Optional.empty();
    }

    /** The place that a refused document came from holds an acceptable one again. */
    void clearDocument(Origin from) {
        if (origin == from) {
            clearDocument();
        }
    }

    void clearFiles() {
        files = Optional.empty();
    }

    long total() {
        return total;
    }

    /** One refusal for {@code /status}, whichever of the two there are. */
    Optional<Refusal> current() {
        if (document.isEmpty() || files.isEmpty()) {
            return document.or(() -> files);
        }
        List<String> problems = new ArrayList<>(document.get().problems());
        problems.addAll(files.get().problems());
        return Optional.of(new Refusal(document.get().generation(), List.copyOf(problems)));
    }

    private static List<String> sentences(List<Problem> problems) {
        return problems.stream().map(Problem::sentence).toList();
    }
}
