/** Measurements, run by hand; no test of the build. */
package dev.selvage.network.bench;
