/** What the contracts share: one JSON text in and one out, state with counted round trips, who calls, pages, and the process that serves a contract. */
package dev.selvage.contract;
