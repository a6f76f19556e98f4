package io.ringrift.operator.desired;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.ringrift.operator.api.RingRiftCluster;
import io.ringrift.operator.api.RingRiftClusterSpec;
import io.ringrift.operator.pki.GossipRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources to try things on. */
final class Clusters {

    static final Path SAMPLES = Path.of("..", "samples");
    static final String IMAGE = "ringrift/agent:0.1.0";

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final GossipRing GOSSIP =
            new GossipRing("a gossip key\n", GossipRing.Step.REST, Instant.EPOCH, Optional.empty());

    private Clusters() {}

    /** A cluster named demo in namespace games with that YAML as its spec; nothing but {@code stage: 0} where blank. */
    static RingRiftCluster cluster(String spec) {
        var cluster = new RingRiftCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("games");
        cluster.getMetadata().setUid("5f5d6e3a-0000-4000-8000-000000000001");
        cluster.setSpec(read(spec.isBlank() ? "stage: 0" : spec, RingRiftClusterSpec.class));
        return cluster;
    }

    static ClusterModel model(String spec) {
        return ClusterModel.of(cluster(spec), IMAGE);
    }

    static RingRiftCluster sample(Path file) {
        try {
            RingRiftCluster cluster = read(Files.readString(file), RingRiftCluster.class);
            cluster.getMetadata().setNamespace("games");
            cluster.getMetadata().setUid("5f5d6e3a-0000-4000-8000-000000000001");
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Secrets that are none, the same in every run. */
    static ClusterSecrets secrets(ClusterModel model) {
        boolean tls = model.spec().security().tls();
        return new ClusterSecrets(
                "0123456789abcdef",
                model.spec().security().gossipEncryption() ? Optional.of(GOSSIP) : Optional.empty(),
                tls ? Map.of("ca.crt", "a certificate", "ca.key", "a key") : Map.of(),
                tls ? Map.of("tls.crt", "a certificate", "tls.key", "a key", "ca.crt", "an authority") : Map.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static <T> T read(String yaml, Class<T> type) {
        try {
            return YAML.readValue(yaml, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
