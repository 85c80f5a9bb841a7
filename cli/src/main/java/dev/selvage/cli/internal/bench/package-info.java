/** Benchmarks of the whole system on this machine. */
package dev.selvage.cli.internal.bench;
