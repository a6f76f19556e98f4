package io.ringrift.operator.status;

/**
 * Something that has become so, as a Kubernetes Event tells it.
 *
 * @param warning it needs a look
 * @param reason one word
 * @param message a sentence
 */
public record Transition(boolean warning, String reason, String message) {}
