/** What lists, {@code why} and traces are answered from: derived from the ledger, in its own file, made anew at will. */
package dev.selvage.agent.read;
