/** Bytes of this node, found by their digest: inputs, outputs, data sets and what was fetched from others. */
package dev.selvage.agent.content;
