/** The node's local databases. */
package dev.selvage.agent.store;
