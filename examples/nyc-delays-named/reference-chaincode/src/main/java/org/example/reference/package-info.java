/** A chaincode of the example's own: reference data that organisations of a channel share. */
package org.example.reference;
