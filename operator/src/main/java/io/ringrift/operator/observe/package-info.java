/** What the agents and the API server report, and the pure fold of it: {@link io.ringrift.operator.observe.ClusterObservation}. */
package io.ringrift.operator.observe;
