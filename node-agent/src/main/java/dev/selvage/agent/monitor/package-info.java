/** Metrics and health over plain HTTP, for Prometheus and whatever watches processes. */
package dev.selvage.agent.monitor;
