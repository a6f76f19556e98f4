package io.ringrift.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What somebody wants to read who was not there when a test failed: written to e2e/target/e2e/TEST/. */
final class Diagnostics {

    private static final Path DIRECTORY = Tools.project("e2e/target/e2e");

    private Diagnostics() {}

    static Path write(Kubernetes kubernetes, String test) {
        Path directory = DIRECTORY.resolve(test.replaceAll("[^A-Za-z0-9.-]+", "_"));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        save(kubernetes, directory, "objects.txt", "get", "all,configmaps,pdb,networkpolicies", "-A", "-o", "wide");
        save(kubernetes, directory, "clusters.yaml", "get", "rrc", "-A", "-o", "yaml");
        save(kubernetes, directory, "clusters.txt", "describe", "rrc", "-A");
        save(kubernetes, directory, "pods.txt", "describe", "pods", "-A");
        save(kubernetes, directory, "events.txt", "get", "events", "-A", "--sort-by=.lastTimestamp");
        for (var pod : kubernetes.client().pods().inAnyNamespace().list().getItems()) {
            String namespace = pod.getMetadata().getNamespace();
            if (namespace.startsWith("kube-")) {
                continue;
            }
            String name = pod.getMetadata().getName();
            String[] logs = {"logs", "-n", namespace, name, "--all-containers", "--prefix", "--tail=2000"};
            save(kubernetes, directory, namespace + "." + name + ".log", logs);
            if (pod.getStatus().getContainerStatuses().stream().anyMatch(status -> status.getRestartCount() > 0)
                    || pod.getStatus().getInitContainerStatuses().stream()
                            .anyMatch(status -> status.getRestartCount() > 0)) {
                String[] previous = {"logs", "-n", namespace, name, "--all-containers", "--prefix", "--previous"};
                save(kubernetes, directory, namespace + "." + name + ".previous.log", previous);
            }
        }
        return directory;
    }

    private static void save(Kubernetes kubernetes, Path directory, String file, String... kubectl) {
        var result = kubernetes.kubectl(kubectl);
        try {
            Files.writeString(directory.resolve(file), result.out() + result.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
