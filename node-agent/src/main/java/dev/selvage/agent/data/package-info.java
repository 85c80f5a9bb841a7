/** The node's own data sets, who may use them, and how a run gets them. */
package dev.selvage.agent.data;
