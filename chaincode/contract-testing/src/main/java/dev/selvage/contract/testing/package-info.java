/** For tests of contracts: a ledger in memory with Fabric's rules, and members of organisations with real certificates. */
package dev.selvage.contract.testing;
