/** Measures of hashing and audits, side by side in one run (requirements B1 to B7). */
package dev.selvage.cli.internal.bench.integrity;
