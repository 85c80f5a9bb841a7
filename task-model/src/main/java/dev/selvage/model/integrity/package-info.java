/** What the metadata contract takes, answers and keeps: keys of data owners, anchors of their data, audits between two parties (docs/metadata.md). */
package dev.selvage.model.integrity;
