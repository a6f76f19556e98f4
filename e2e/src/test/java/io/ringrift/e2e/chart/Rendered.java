package io.ringrift.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The objects that the chart makes for some values. */
record Rendered(List<JsonNode> objects) {

    /** Renders the chart with Helm 4 for values in YAML. */
    static Rendered of(String values) {
        return by(Renderer.HELM_4, values);
    }

    static Rendered by(Renderer renderer, String values) {
        var yaml = new KubernetesSerialization();
        return new Rendered(
                Arrays.stream(renderer.render(values, Renderer.KUBERNETES).split("(?m)^---$"))
                        .map(document -> yaml.unmarshal(document, JsonNode.class))
                        .filter(node -> node != null && node.isObject() && !node.isEmpty())
                        .toList());
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    /** What stays in the cluster: not the pod of helm test, which Helm 3 leaves out of its output when embedded. */
    Set<JsonNode> installed() {
        return objects.stream()
                .filter(object -> !object.at("/metadata/annotations").has("helm.sh/hook"))
                .collect(Collectors.toSet());
    }

    /** The only object of its kind. */
    JsonNode one(String kind) {
        var found = all(kind).toList();
        if (found.size() != 1) {
            throw new AssertionError("one " + kind + " expected, found " + found.size() + " among " + names());
        }
        return found.getFirst();
    }

    JsonNode operatorPod() {
        return one("Deployment").at("/spec/template/spec");
    }

    JsonNode operator() {
        return operatorPod().at("/containers/0");
    }

    /** The value of an environment variable of the operator, or an empty text. */
    String env(String name) {
        return stream(operator().path("env"))
                .filter(variable -> variable.path("name").asText().equals(name))
                .map(variable -> variable.path("value").asText())
                .findFirst()
                .orElse("");
    }

    /** Kind and name of everything, in order of the alphabet. */
    List<String> names() {
        return objects.stream()
                .map(object -> object.path("kind").asText() + " "
                        + object.at("/metadata/namespace").asText("") + "/"
                        + object.at("/metadata/name").asText())
                .sorted()
                .toList();
    }

    /** All rules of all roles. */
    List<JsonNode> rules() {
        return Stream.concat(all("ClusterRole"), all("Role"))
                .flatMap(role -> stream(role.path("rules")))
                .toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return array.valueStream();
    }

    static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }
}
