/** Who may do what on the channel. */
package dev.selvage.network.internal.access;
