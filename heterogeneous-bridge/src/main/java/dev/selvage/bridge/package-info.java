/**
 * The conversion between standard engines and foreign ones (requirement A8): engine files, their expressions, and the transports over
 * which an engine is reached as it is.
 */
package dev.selvage.bridge;
