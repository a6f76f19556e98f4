package io.ringrift.agent.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A directory that every member mounts can still tell some of them something else: {@code canary.nodes} is a comma list of node
 * ids, and for these a file {@code canary.KEY} stands in for {@code KEY}. So a step of a roll-out survives the restart of a pod,
 * also while nobody can push.
 */
final class Canary {
    private static final String PREFIX = "canary.";

    /** Who is told something else. */
    static final String NODES = PREFIX + "nodes";

    private Canary() {}

    static boolean isKey(String fileName) {
        return fileName.equals(NODES)
                || (fileName.startsWith(PREFIX) && Keys.isOurs(fileName.substring(PREFIX.length())));
    }

    /** The files as {@code nodeId} is to read them. An unreadable {@link #NODES} stays among them, to be told. */
    static Map<String, FileRead> filesFor(String nodeId, Map<String, FileRead> files) {
        Map<String, FileRead> own = new TreeMap<>();
        files.forEach((name, file) -> {
            if (!name.startsWith(PREFIX)) {
                own.put(name, file);
            }
        });
        Optional<FileRead> nodes = Optional.ofNullable(files.get(NODES));
        nodes.ifPresent(read -> {
            switch (read) {
                case FileRead.Failed failed -> own.put(NODES, failed);
                case FileRead.Text text -> {
                    if (names(text, nodeId)) {
                        overlay(files, own);
                    }
                }
            }
        });
        return own;
    }

    private static boolean names(FileRead.Text nodes, String nodeId) {
        return Arrays.stream(nodes.content().reveal().split(","))
                .map(String::strip)
                .anyMatch(nodeId::equals);
    }

    private static void overlay(Map<String, FileRead> files, Map<String, FileRead> own) {
        files.forEach((name, file) -> {
            if (name.startsWith(PREFIX) && !name.equals(NODES)) {
                own.put(name.substring(PREFIX.length()), file);
            }
        });
    }
}
