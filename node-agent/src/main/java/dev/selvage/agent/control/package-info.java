/** What a node's owner asks of the node: {@link dev.selvage.agent.control.ControlApi}, its service and its client. */
package dev.selvage.agent.control;
