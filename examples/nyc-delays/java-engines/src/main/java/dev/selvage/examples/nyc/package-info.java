/** Engines in Java for the example nyc-delays: merging in the node's own process, and a worker process for the delays of an airport. */
package dev.selvage.examples.nyc;
