package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.ringrift.operator.api.StorageSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the agent finds under which path. Volumes are always mounted whole: a mount by {@code subPath} would never show a
 * change. All names begin with {@code ringrift-}, out of the way of the workload's own volumes.
 */
final class AgentVolumes {

    static final String CONFIG_PATH = "/etc/ringrift/config";
    static final String CREDENTIAL_PATH = "/etc/ringrift/credential";
    static final String GOSSIP_PATH = "/etc/ringrift/gossip";
    static final String TLS_PATH = "/etc/ringrift/tls";
    static final String DATA_PATH = "/var/lib/ringrift";

    private static final String CONFIG = "ringrift-config";
    private static final String CREDENTIAL = "ringrift-credential";
    private static final String GOSSIP = "ringrift-gossip";
    private static final String TLS = "ringrift-tls";
    private static final String DATA = "ringrift-data";
    private static final String TMP = "ringrift-tmp";

    /** Readable by all and writable by nobody: only the agent mounts them, and it is not root. */
    private static final int READ_ONLY = 0444;

    private AgentVolumes() {}

    /** Whether the operator adds a volume of that name to some pod. */
    static boolean isOurs(String volume) {
        return Set.of(CONFIG, CREDENTIAL, GOSSIP, TLS, DATA, TMP).contains(volume);
    }

    static List<VolumeMount> mounts(ClusterModel model) {
        var mounts = new ArrayList<VolumeMount>();
        mounts.add(readOnly(CONFIG, CONFIG_PATH));
        mounts.add(readOnly(CREDENTIAL, CREDENTIAL_PATH));
        if (model.spec().security().gossipEncryption()) {
            mounts.add(readOnly(GOSSIP, GOSSIP_PATH));
        }
        if (model.spec().security().tls()) {
            mounts.add(readOnly(TLS, TLS_PATH));
        }
        mounts.add(writable(DATA, DATA_PATH));
        mounts.add(writable(TMP, "/tmp"));
        return mounts;
    }

    static List<Volume> volumes(ClusterModel model) {
        var volumes = new ArrayList<Volume>();
        volumes.add(new VolumeBuilder()
                .withName(CONFIG)
                .withNewConfigMap()
                .withName(model.runtimeConfigMap())
                .withDefaultMode(READ_ONLY)
                .endConfigMap()
                .build());
        volumes.add(secret(CREDENTIAL, model.credentialSecret()));
        if (model.spec().security().gossipEncryption()) {
            volumes.add(secret(GOSSIP, model.gossipSecret()));
        }
        if (model.spec().security().tls()) {
            volumes.add(secret(TLS, model.tlsSecret()));
        }
        if (model.spec().storage() == null) {
            volumes.add(emptyDir(DATA));
        }
        volumes.add(emptyDir(TMP));
        return volumes;
    }

    /**
     * The claim for Raft's log, if the resource has storage. A StatefulSet's claims are kept as one value, so every field
     * that the API server fills in stands here, the status too.
     */
    static Optional<PersistentVolumeClaim> claim(ClusterModel model) {
        StorageSpec storage = model.spec().storage();
        if (storage == null) {
            return Optional.empty();
        }
        return Optional.of(new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(DATA)
                .withLabels(Labels.of(model.name()))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .withRequests(Map.of("storage", Quantities.canonical(new Quantity(storage.size()))))
                .endResources()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build());
    }

    private static Volume secret(String volume, String secret) {
        return new VolumeBuilder()
                .withName(volume)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(READ_ONLY)
                .endSecret()
                .build();
    }

    private static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    private static VolumeMount readOnly(String volume, String path) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }

    private static VolumeMount writable(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }
}
