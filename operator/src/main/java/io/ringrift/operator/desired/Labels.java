package io.ringrift.operator.desired;

import java.util.Map;
import java.util.TreeMap;

/** The labels that objects and pods of a cluster carry. */
public final class Labels {

    /** On everything that is made for a cluster, and on its pods: the resource's name. Pods are selected by it alone. */
    public static final String CLUSTER = "ringrift.io/cluster";

    /** On the leader's pod, kept up to date by the operator; never part of a template. */
    public static final String ROLE = "ringrift.io/role";

    /** The value of {@link #ROLE} that the leader Service selects. */
    public static final String ROLE_LEADER = "leader";

    /** On pods, as an annotation: digest of what the user wanted when they were made ({@link PodTemplate}). */
    public static final String TEMPLATE = "ringrift.io/template";

    /** On everything that the operator made: who manages it. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String OPERATOR = "ringrift-operator";

    /** Labels and annotations that begin so are the operator's. */
    static final String PREFIX = "ringrift.io/";

    private Labels() {}

    /** Sorted, so that an object reads the same each time. No version: an upgrade of the operator must change nothing. */
    static Map<String, String> of(String clusterName) {
        var labels = new TreeMap<String, String>();
        labels.put(CLUSTER, clusterName);
        labels.put("app.kubernetes.io/name", "ringrift");
        labels.put("app.kubernetes.io/instance", clusterName);
        labels.put("app.kubernetes.io/part-of", "ringrift");
        labels.put(MANAGED_BY, OPERATOR);
        return labels;
    }
}
