/** Fabric's published gRPC services, as one organisation's peer offers them. */
package dev.selvage.network.internal.wire;
