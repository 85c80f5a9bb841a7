/** Workflow and operation files: from YAML to the values of the ledger and back. */
package dev.selvage.formats.workflow;
