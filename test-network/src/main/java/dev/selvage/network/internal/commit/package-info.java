/** Ordering, validation and commit: from a client's envelope to a block on the disk. */
package dev.selvage.network.internal.commit;
