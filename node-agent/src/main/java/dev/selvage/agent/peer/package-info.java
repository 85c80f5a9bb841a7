/** Links between nodes: who asks, what they are entitled to, and the bytes on their way. */
package dev.selvage.agent.peer;
