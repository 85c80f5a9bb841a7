/**
 * The standard engine paradigm: what a computing engine is to a node ({@link dev.selvage.engine.StandardEngine}), its form on the wire
 * ({@code engine.proto}), engines that are built in, a worker kit for engines in Java, and the conformance kit.
 */
package dev.selvage.engine;
