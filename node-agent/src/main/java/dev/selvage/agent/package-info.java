/** The daemon of a node: ledger events in, results out. {@link dev.selvage.agent.Agent} puts it together. */
package dev.selvage.agent;
