/** Makes the API server's objects what they should be, by server-side apply, and leaves alone what is so already. */
package io.ringrift.operator.apply;
