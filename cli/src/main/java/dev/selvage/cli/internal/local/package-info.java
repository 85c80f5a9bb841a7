/** The network that the commands run on this machine: layout, ports, processes, organisations. */
package dev.selvage.cli.internal.local;
