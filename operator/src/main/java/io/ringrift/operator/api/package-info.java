/** The custom resource {@code RingRiftCluster}, version {@code v1alpha1}: what users write and what status tells them. */
package io.ringrift.operator.api;
