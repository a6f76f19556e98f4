/**
 * Keys, certificates and shared secrets of one cluster. Everything here is decided from its arguments: the time and the
 * source of randomness are passed in, nothing is read or written. Thread-safe: all types are immutable.
 */
package io.ringrift.operator.pki;
