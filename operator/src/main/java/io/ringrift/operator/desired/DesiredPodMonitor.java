package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Has the Prometheus operator scrape every agent. Made only where that operator's CRD is. */
final class DesiredPodMonitor {

    static final String API_VERSION = "monitoring.coreos.com/v1";
    static final String KIND = "PodMonitor";

    private DesiredPodMonitor() {}

    static GenericKubernetesResource of(ClusterModel model) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withMetadata(model.metadata(model.name()))
                .addToAdditionalProperties(
                        "spec",
                        Map.of(
                                "selector", Map.of("matchLabels", model.selector()),
                                "podMetricsEndpoints", List.of(endpoint(model))))
                .build();
    }

    private static Map<String, Object> endpoint(ClusterModel model) {
        var endpoint = new LinkedHashMap<String, Object>();
        endpoint.put("port", AgentContainer.HTTP_PORT_NAME);
        endpoint.put("path", "/metrics");
        if (model.spec().security().tls()) {
            endpoint.put("scheme", "https");
            // Pods are scraped by address, which no certificate names: check the name of the cluster instead.
            endpoint.put(
                    "tlsConfig",
                    Map.of(
                            "serverName",
                            model.name() + "." + model.namespace() + ".svc",
                            "ca",
                            Map.of("secret", Map.of("name", model.tlsSecret(), "key", "ca.crt"))));
        }
        return endpoint;
    }
}
