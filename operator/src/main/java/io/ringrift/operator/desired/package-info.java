/**
 * What should exist in Kubernetes for a cluster: one pure builder for each kind, from the cluster to an object for
 * server-side apply. {@link io.ringrift.operator.desired.DesiredObjects} is the way in. Nothing here reads, writes, logs
 * or looks at a clock, and every type is immutable or made afresh on each call.
 *
 * <p>An object holds the fields that the operator owns and no others. A field that the API server would fill in by itself
 * is spelled out where server-side apply keeps the whole of a list or structure as one value, or where it is part of a
 * list's key: left out there, what is stored would never equal what is desired.
 */
package io.ringrift.operator.desired;
