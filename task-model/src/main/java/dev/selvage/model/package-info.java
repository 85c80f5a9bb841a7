/** Values shared by the contract, the node agent and the command: what stands on the ledger and what travels in its events. */
package dev.selvage.model;
