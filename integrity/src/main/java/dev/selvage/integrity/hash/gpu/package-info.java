/**
 * Hashing on a GPU through the CUDA driver alone (requirement B2): the code is shipped as PTX, so nothing but the driver has to be
 * installed, and where there is none {@link dev.selvage.integrity.hash.gpu.Gpu#find} says so.
 */
package dev.selvage.integrity.hash.gpu;
