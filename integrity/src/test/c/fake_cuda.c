/*
 * A CUDA driver without a device, for the tests: its memory is the host's, its streams do everything at once, and a launch runs the kernel's own
 * source on the host, thread by thread. Everything above the driver is the real thing.
 */
#include "leaves.c"
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int CUresult;
enum { OK = 0, INVALID = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, NOT_FOUND = 500, LAUNCH_FAILED = 719 };

static int launches;

static int setting(const char *name, int usual) {
    const char *value = getenv(name);
    return value ? atoi(value) : usual;
}

CUresult cuInit(unsigned flags) {
    return flags ? INVALID : setting("FAKE_CUDA_INIT", OK);
}

CUresult cuDriverGetVersion(int *version) {
    *version = 12060;
    return OK;
}

CUresult cuDeviceGetCount(int *count) {
    *count = setting("FAKE_CUDA_DEVICES", 1);
    return OK;
}

CUresult cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return OK;
}

CUresult cuDeviceGetName(char *name, int length, int device) {
    (void)device;
    strncpy(name, "Fake device", (size_t)length);
    return OK;
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, int device) {
    (void)device;
    *bytes = (size_t)1 << 30;
    return OK;
}

CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    *free = *total = (size_t)setting("FAKE_CUDA_MEGABYTES", 1024) << 20;
    return OK;
}

CUresult cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void)device;
    *value = attribute == 75 ? setting("FAKE_CUDA_MAJOR", 9) : 0;
    return OK;
}

CUresult cuDevicePrimaryCtxRetain(void **context, int device) {
    *context = (void *)(size_t)(device + 1);
    return OK;
}

CUresult cuDevicePrimaryCtxRelease_v2(int device) {
    (void)device;
    return OK;
}

CUresult cuCtxSetCurrent(void *context) {
    return context ? OK : INVALID;
}

CUresult cuModuleLoadData(void **module, const char *image) {
    *module = (void *)image;
    return strstr(image, ".target sm_80") ? OK : INVALID;
}

CUresult cuModuleUnload(void *module) {
    (void)module;
    return OK;
}

CUresult cuModuleGetFunction(void **function, void *module, const char *name) {
    (void)module;
    *function = (void *)(size_t)(!strcmp(name, "selvage_blocks") ? 1 : !strcmp(name, "selvage_nodes") ? 2 : 0);
    return *function ? OK : NOT_FOUND;
}

CUresult cuStreamCreate(void **stream, unsigned flags) {
    (void)flags;
    *stream = malloc(1);
    return OK;
}

CUresult cuStreamDestroy_v2(void *stream) {
    free(stream);
    return OK;
}

CUresult cuStreamSynchronize(void *stream) {
    return stream ? OK : INVALID;
}

CUresult cuMemAlloc_v2(u64 *at, size_t bytes) {
    if (bytes > (size_t)setting("FAKE_CUDA_MEGABYTES", 1024) << 20) {
        return OUT_OF_MEMORY;
    }
    *at = (u64)(size_t)aligned_alloc(256, (bytes + 255) / 256 * 256);
    return OK;
}

CUresult cuMemFree_v2(u64 at) {
    free((void *)(size_t)at);
    return at ? OK : INVALID;
}

CUresult cuMemHostAlloc(void **at, size_t bytes, unsigned flags) {
    (void)flags;
    *at = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    return OK;
}

CUresult cuMemFreeHost(void *at) {
    free(at);
    return OK;
}

CUresult cuMemcpyHtoD_v2(u64 to, const void *from, size_t bytes) {
    memcpy((void *)(size_t)to, from, bytes);
    return OK;
}

CUresult cuMemcpyHtoDAsync_v2(u64 to, const void *from, size_t bytes, void *stream) {
    return stream && bytes ? cuMemcpyHtoD_v2(to, from, bytes) : INVALID;
}

CUresult cuMemcpyDtoHAsync_v2(void *to, u64 from, size_t bytes, void *stream) {
    memcpy(to, (void *)(size_t)from, bytes);
    return stream ? OK : INVALID;
}

CUresult cuMemsetD8_v2(u64 at, unsigned char value, size_t bytes) {
    memset((void *)(size_t)at, value, bytes);
    return OK;
}

CUresult cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                        unsigned shared, void *stream, void **p, void **extra) {
    if (gx == 0 || gy != 1 || gz != 1 || bx > 1024 || by != 1 || bz != 1 || shared || !stream || extra) {
        return INVALID;
    }
    if (__sync_add_and_fetch(&launches, 1) > setting("FAKE_CUDA_LAUNCHES", 1 << 30)) {
        return LAUNCH_FAILED;
    }
    u64 threads = (u64)gx * bx;
    if (function == (void *)1) {
        host_blocks(threads, *(u8 **)p[0], *(u64 *)p[1], *(u32 *)p[2], *(u64 *)p[3], *(u32 **)p[4], *(u32 *)p[5], *(u32 **)p[6]);
    } else {
        host_nodes(threads, *(u32 **)p[0], *(u32 *)p[1], *(u32 **)p[2]);
    }
    return OK;
}

CUresult cuEventCreate(struct timespec **event, unsigned flags) {
    *event = calloc(1, sizeof **event);
    return flags ? INVALID : OK;
}

CUresult cuEventRecord(struct timespec *event, void *stream) {
    (void)stream;
    return clock_gettime(CLOCK_MONOTONIC, event);
}

CUresult cuEventSynchronize(struct timespec *event) {
    return event->tv_sec ? OK : INVALID;
}

CUresult cuEventElapsedTime(float *millis, struct timespec *from, struct timespec *to) {
    *millis = (float)((double)(to->tv_sec - from->tv_sec) * 1e3 + (double)(to->tv_nsec - from->tv_nsec) / 1e6);
    return OK;
}

CUresult cuEventDestroy_v2(struct timespec *event) {
    free(event);
    return OK;
}

CUresult cuGetErrorName(CUresult error, const char **name) {
    *name = error == LAUNCH_FAILED ? "CUDA_ERROR_LAUNCH_FAILED" : "CUDA_ERROR";
    return OK;
}
