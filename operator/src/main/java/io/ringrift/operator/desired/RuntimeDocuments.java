package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The configuration of every agent of a cluster while a stage is walked: what most run, and what a few run already. All pods
 * mount the same ConfigMap, so the few find theirs in it under keys of their own ({@code canary.nodes}, {@code canary.KEY}), and
 * keep it over a restart.
 *
 * @param base what members run that are not switched
 * @param switched the members that run {@code next}
 */
public record RuntimeDocuments(RuntimeConfig base, Set<String> switched, RuntimeConfig next) {
    private static final String CANARY = "canary.";
    private static final String CANARY_NODES = CANARY + "nodes";

    public RuntimeDocuments {
        switched = Set.copyOf(switched);
    }

    /** The same for everybody. */
    public static RuntimeDocuments of(RuntimeConfig everybody) {
        return new RuntimeDocuments(everybody, Set.of(), everybody);
    }

    /** What that member is to run. */
    public RuntimeConfig of(String member) {
        return switched.contains(member) ? next : base;
    }

    /** The highest generation in a ConfigMap; 0 where there is none that can be read: it was damaged by hand. */
    public static long highestGeneration(ConfigMap configMap) {
        if (configMap.getData() == null) {
            return 0;
        }
        return Stream.of(RuntimeConfig.GENERATION, CANARY + RuntimeConfig.GENERATION)
                .map(configMap.getData()::get)
                .mapToLong(RuntimeDocuments::number)
                .max()
                .orElse(0);
    }

    private static long number(String text) {
        try {
            return text == null ? 0 : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    ConfigMap configMap(ClusterModel model) {
        return new ConfigMapBuilder()
                .withMetadata(model.metadata(model.runtimeConfigMap()))
                .withData(data())
                .build();
    }

    private SortedMap<String, String> data() {
        SortedMap<String, String> data = new TreeMap<>(base.document());
        if (!switched.isEmpty()) {
            data.put(CANARY_NODES, String.join(",", new TreeSet<>(switched)));
            next.document().forEach((key, value) -> {
                if (!Objects.equals(base.document().get(key), value)) {
                    data.put(CANARY + key, value);
                }
            });
        }
        return Collections.unmodifiableSortedMap(data);
    }
}
