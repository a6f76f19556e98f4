package io.ringrift.agent.config;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Warns of keys that have no effect; of unknown ones with the known one that was probably meant. */
final class KeyWarnings {
    private static final int MOST_REPORTED = 20;

    /** Farther off than this a {@code RAFT_} variable is another program's. */
    private static final int TYPING_ERROR = 2;

    /** What Kubernetes sets in every pod for a Service named ringrift-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("RINGRIFT_.*_(SERVICE_HOST|SERVICE_PORT.*|PORT_[0-9]+_(TCP|UDP|SCTP).*)");

    private KeyWarnings() {}

    static void warn(Document environment, Document document, Findings findings) {
        if (document.keys().containsKey(Keys.CONFIG_DIR.name())) {
            findings.warn(Keys.CONFIG_DIR.name() + ": has no effect here; it is taken from the environment only");
        }
        Set<String> known = Keys.names().collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        environment.keys().forEach((name, value) -> {
            if (!isServiceLink(name, value)) {
                unknown.add(name);
            }
        });
        unknown.addAll(document.keys().keySet());
        unknown.removeAll(known);
        unknown.removeIf(name -> !name.startsWith("RINGRIFT_") && distance(name, nearest(name)) > TYPING_ERROR);
        unknown.stream()
                .limit(MOST_REPORTED)
                .forEach(name -> findings.warn("%s: unknown key, ignored; the nearest known one is %s"
                        .formatted(Printable.of(name), nearest(name))));
        if (unknown.size() > MOST_REPORTED) {
            findings.warn("%d more unknown keys, ignored".formatted(unknown.size() - MOST_REPORTED));
        }
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches() || (name.endsWith("_PORT") && value.contains("://"));
    }

    static String nearest(String name) {
        return Keys.names()
                .min(Comparator.comparingInt(known -> distance(name, known)))
                .orElseThrow();
    }

    /** Levenshtein's: the fewest characters to insert, delete or replace. A stranger's name counts up to 100 characters. */
    static int distance(String left, String right) {
        String a = left.substring(0, Math.min(100, left.length()));
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
