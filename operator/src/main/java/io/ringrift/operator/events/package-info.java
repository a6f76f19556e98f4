/** Kubernetes Events, for those who ask {@code kubectl describe}. */
package io.ringrift.operator.events;
