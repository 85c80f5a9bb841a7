/** What the agent must not forget: one SQLite file, one transaction a step. */
package dev.selvage.agent.journal;
