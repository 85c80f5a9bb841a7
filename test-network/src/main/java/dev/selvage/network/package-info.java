/**
 * Networks to run on: the embedded ledger, one process that speaks Fabric's wire protocols. It is for one machine; what it does not
 * have is refused with a message that says so.
 */
package dev.selvage.network;
