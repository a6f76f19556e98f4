/** Which pod makes way for the new template next, and which must wait: decided without touching anything. */
package io.ringrift.operator.roll;
