/**
 * Decides which engine runs what, and when (requirement A6): the registry of engines, the one book of free resources, a bounded fair queue,
 * and a reason for everything that waits. No I/O, no threads, no clock of its own, so that it can be simulated.
 */
package dev.selvage.scheduler;
