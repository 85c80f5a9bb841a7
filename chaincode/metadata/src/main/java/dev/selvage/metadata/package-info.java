/** The contract metadata (docs/metadata.md): keys of data owners, anchors of their data, audits between two parties. */
package dev.selvage.metadata;
