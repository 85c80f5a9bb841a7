/** Bringing up a native Hyperledger Fabric network on this machine: its own binaries, processes and files, no containers. */
package dev.selvage.network.fabric;
