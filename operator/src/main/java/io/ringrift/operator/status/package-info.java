/** What the resource's status says: conditions, summaries, and the events that tell of what has changed. */
package io.ringrift.operator.status;
