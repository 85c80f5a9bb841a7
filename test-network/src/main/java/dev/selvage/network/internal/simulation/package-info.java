/** Running a proposal against one snapshot: its reads, its writes, and the read and write set that comes of them. */
package dev.selvage.network.internal.simulation;
