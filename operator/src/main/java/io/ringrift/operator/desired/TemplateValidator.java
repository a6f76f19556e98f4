package io.ringrift.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what a user's pod template has taken for itself though it is the agent's: names, labels, annotations. */
final class TemplateValidator {

    private TemplateValidator() {}

    /** @param template null: no template, no problem */
    static List<String> problems(PodTemplateSpec template) {
        var problems = new ArrayList<String>();
        if (template == null) {
            return problems;
        }
        if (template.getMetadata() != null) {
            reserved("labels", template.getMetadata().getLabels(), problems);
            reserved("annotations", template.getMetadata().getAnnotations(), problems);
        }
        if (template.getSpec() != null) {
            names(template.getSpec(), problems);
        }
        return problems;
    }

    private static void reserved(String what, Map<String, String> entries, List<String> problems) {
        Set<String> keys = entries == null ? Set.of() : entries.keySet();
        keys.stream()
                .filter(key -> key.startsWith(Labels.PREFIX))
                .sorted()
                .forEach(key -> problems.add("spec.template.metadata." + what + " has " + key + ": what begins with "
                        + Labels.PREFIX + " is set by the operator"));
    }

    private static void names(PodSpec pod, List<String> problems) {
        Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .map(Container::getName)
                .filter(AgentContainer.NAME::equals)
                .forEach(name -> problems.add("spec.template.spec has a container " + name
                        + ": the operator adds the agent under that name, choose another"));
        pod.getVolumes().stream()
                .map(Volume::getName)
                .filter(AgentVolumes::isOurs)
                .forEach(name -> problems.add("spec.template.spec.volumes has " + name
                        + ": the operator adds a volume under that name, choose another"));
    }
}
