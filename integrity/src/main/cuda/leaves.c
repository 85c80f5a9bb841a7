/*
 * SHA-256 of the blocks of a file and the tree above them, one thread a block or a node (requirements B1 to B3).
 *
 * The same file is compiled for a GPU (as CUDA, by clang or nvcc) and for the host: the tests run the host's build against NIST's
 * vectors and against the trees in Java. README.md beside it has the commands.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#if defined(__CUDA__) || defined(__CUDACC__)
#define GPU 1
#endif

#if defined(GPU) && defined(__clang__)
#define FUNCTION static __attribute__((device)) __attribute__((always_inline)) inline
#define KERNEL extern "C" __attribute__((global)) void
#define THREAD ((u64)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x())
#elif defined(GPU)
#define FUNCTION static __device__ __forceinline__
#define KERNEL extern "C" __global__ void
#define THREAD ((u64)blockIdx.x * blockDim.x + threadIdx.x)
#else
#define FUNCTION static inline
#define KERNEL void
static __thread u64 host_thread; /* which thread of a launch this call stands for */
#define THREAD host_thread
#endif

#ifdef __clang__
#define UNROLLED _Pragma("unroll")
#elif defined(__GNUC__) && !defined(GPU)
#define UNROLLED
#else
#define UNROLLED _Pragma("unroll")
#endif

/* What a thread computes of its block. */
#define PLAIN 0  /* SHA-256(block), as the published scheme has it */
#define SALTED 1 /* SHA-256(0x02 | salt | zeros to 64 bytes | block) */
#define LEAF 2   /* SHA-256(0x00 | file | BE64 index | BE32 length | salted hash) */

/* Sixteen bytes in one load. */
typedef struct __attribute__((aligned(16))) {
    u32 a, b, c, d;
} quad;

FUNCTION u32 swapped(u32 x) {
#ifdef GPU
    u32 y;
    asm("prmt.b32 %0, %1, 0, 0x0123;" : "=r"(y) : "r"(x));
    return y;
#else
    return x >> 24 | (x >> 8 & 0xff00) | (x << 8 & 0xff0000) | x << 24;
#endif
}

#define ROTATED(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define ROUND(a, b, c, d, e, f, g, h, k, w)                                                                          \
    h += (ROTATED(e, 6) ^ ROTATED(e, 11) ^ ROTATED(e, 25)) + ((e & f) ^ (~e & g)) + k + (w);                          \
    d += h;                                                                                                           \
    h += (ROTATED(a, 2) ^ ROTATED(a, 13) ^ ROTATED(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
#define NEXT(i)                                                                                                       \
    (w[i] += (ROTATED(w[(i + 1) & 15], 7) ^ ROTATED(w[(i + 1) & 15], 18) ^ w[(i + 1) & 15] >> 3) + w[(i + 9) & 15]   \
             + (ROTATED(w[(i + 14) & 15], 17) ^ ROTATED(w[(i + 14) & 15], 19) ^ w[(i + 14) & 15] >> 10))
#define SIXTEEN(W, k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, ka, kb, kc, kd, ke, kf)                                    \
    ROUND(a, b, c, d, e, f, g, h, k0, W(0))                                                                           \
    ROUND(h, a, b, c, d, e, f, g, k1, W(1))                                                                           \
    ROUND(g, h, a, b, c, d, e, f, k2, W(2))                                                                           \
    ROUND(f, g, h, a, b, c, d, e, k3, W(3))                                                                           \
    ROUND(e, f, g, h, a, b, c, d, k4, W(4))                                                                           \
    ROUND(d, e, f, g, h, a, b, c, k5, W(5))                                                                           \
    ROUND(c, d, e, f, g, h, a, b, k6, W(6))                                                                           \
    ROUND(b, c, d, e, f, g, h, a, k7, W(7))                                                                           \
    ROUND(a, b, c, d, e, f, g, h, k8, W(8))                                                                           \
    ROUND(h, a, b, c, d, e, f, g, k9, W(9))                                                                           \
    ROUND(g, h, a, b, c, d, e, f, ka, W(10))                                                                          \
    ROUND(f, g, h, a, b, c, d, e, kb, W(11))                                                                          \
    ROUND(e, f, g, h, a, b, c, d, kc, W(12))                                                                          \
    ROUND(d, e, f, g, h, a, b, c, kd, W(13))                                                                          \
    ROUND(c, d, e, f, g, h, a, b, ke, W(14))                                                                          \
    ROUND(b, c, d, e, f, g, h, a, kf, W(15))
#define GIVEN(i) w[i]

/* The compression function (FIPS 180-4, 6.2.2) over sixteen words, which it uses up. */
FUNCTION void compress(u32 *s, u32 *w) {
    u32 a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    SIXTEEN(GIVEN, 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174)
    SIXTEEN(NEXT, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967)
    SIXTEEN(NEXT, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070)
    SIXTEEN(NEXT, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2)
    s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
}

FUNCTION void begin(u32 *s) {
    s[0] = 0x6a09e667, s[1] = 0xbb67ae85, s[2] = 0x3c6ef372, s[3] = 0xa54ff53a;
    s[4] = 0x510e527f, s[5] = 0x9b05688c, s[6] = 0x1f83d9ab, s[7] = 0x5be0cd19;
}

/* Words of a byte stream that begins with one byte: word i holds the last byte of x and the first three of y. */
#define SHIFTED(x, y) ((x) << 24 | (y) >> 8)

/* The sixteen words of 64 bytes in memory, which begin at a multiple of 16. */
FUNCTION void load64(u32 *w, const u8 *at) {
    const quad *from = (const quad *)at;
    for (int i = 0; i < 4; i++) {
        quad q = from[i];
        w[4 * i] = swapped(q.a), w[4 * i + 1] = swapped(q.b), w[4 * i + 2] = swapped(q.c), w[4 * i + 3] = swapped(q.d);
    }
}

FUNCTION void load32(u32 *words, const u32 *from) {
    for (int i = 0; i < 8; i++) {
        words[i] = swapped(from[i]);
    }
}

FUNCTION void store32(u32 *to, const u32 *words) {
    quad *q = (quad *)to;
    q[0].a = swapped(words[0]), q[0].b = swapped(words[1]), q[0].c = swapped(words[2]), q[0].d = swapped(words[3]);
    q[1].a = swapped(words[4]), q[1].b = swapped(words[5]), q[1].c = swapped(words[6]), q[1].d = swapped(words[7]);
}

/* The words of up to 63 bytes that are left of a message, the bit after them, and zeros. */
FUNCTION void load_rest(u32 *w, const u8 *at, u32 rest) {
    UNROLLED
    for (u32 i = 0; i < 16; i++) {
        u32 first = 4 * i;
        u32 word = 0;
        if (first + 4 <= rest) {
            word = swapped(((const u32 *)at)[i]);
        } else if (first <= rest) {
            u32 some = rest - first;
            word = 0x80000000 >> 8 * some;
            word |= some > 0 ? (u32)at[first] << 24 : 0;
            word |= some > 1 ? (u32)at[first + 1] << 16 : 0;
            word |= some > 2 ? (u32)at[first + 2] << 8 : 0;
        }
        w[i] = word;
    }
}

FUNCTION void clear(u32 *w, int from) {
    UNROLLED
    for (int i = 0; i < 16; i++) {
        if (i >= from) {
            w[i] = 0;
        }
    }
}

/* 0x05 | secret | BE64 index and its padding: its hash is the salt of a block. */
FUNCTION void salt_words(u32 *w, const u32 *secret, u64 index) {
    u32 k[8];
    load32(k, secret);
    u32 high = (u32)(index >> 32), low = (u32)index;
    clear(w, 11);
    w[0] = 0x05000000 | k[0] >> 8;
    UNROLLED
    for (int i = 1; i < 8; i++) {
        w[i] = SHIFTED(k[i - 1], k[i]);
    }
    w[8] = SHIFTED(k[7], high);
    w[9] = SHIFTED(high, low);
    w[10] = low << 24 | 0x800000;
    w[15] = 41 * 8;
}

/* 0x02 | salt | zeros to 64 bytes, which go before a block's own. */
FUNCTION void salted_words(u32 *w, const u32 *salt) {
    clear(w, 9);
    w[0] = 0x02000000 | salt[0] >> 8;
    UNROLLED
    for (int i = 1; i < 8; i++) {
        w[i] = SHIFTED(salt[i - 1], salt[i]);
    }
    w[8] = salt[7] << 24;
}

/* The first 64 of the 77 bytes 0x00 | file | BE64 index | BE32 length | hash. */
FUNCTION void leaf_words(u32 *w, const u32 *file, u64 index, u32 length, const u32 *hash) {
    u32 f[8];
    load32(f, file);
    u32 high = (u32)(index >> 32), low = (u32)index;
    w[0] = f[0] >> 8;
    UNROLLED
    for (int i = 1; i < 8; i++) {
        w[i] = SHIFTED(f[i - 1], f[i]);
    }
    w[8] = SHIFTED(f[7], high);
    w[9] = SHIFTED(high, low);
    w[10] = SHIFTED(low, length);
    w[11] = SHIFTED(length, hash[0]);
    UNROLLED
    for (int i = 12; i < 16; i++) {
        w[i] = SHIFTED(hash[i - 12], hash[i - 11]);
    }
}

/* The last 13 of them, the end of the hash, and their padding. */
FUNCTION void leaf_end_words(u32 *w, const u32 *last_of_hash) {
    clear(w, 4);
    w[0] = SHIFTED(last_of_hash[0], last_of_hash[1]);
    w[1] = SHIFTED(last_of_hash[1], last_of_hash[2]);
    w[2] = SHIFTED(last_of_hash[2], last_of_hash[3]);
    w[3] = last_of_hash[3] << 24 | 0x800000;
    w[15] = 77 * 8;
}

/* The first 64 of the 65 bytes 0x01 | left | right. */
FUNCTION void node_words(u32 *w, const u32 *left, const u32 *right) {
    w[0] = 0x01000000 | left[0] >> 8;
    UNROLLED
    for (int i = 1; i < 8; i++) {
        w[i] = SHIFTED(left[i - 1], left[i]);
    }
    w[8] = SHIFTED(left[7], right[0]);
    UNROLLED
    for (int i = 9; i < 16; i++) {
        w[i] = SHIFTED(right[i - 9], right[i - 8]);
    }
}

/*
 * A hash for each block of a stretch of a file.
 *
 * data       the stretch, at a multiple of 16
 * bytes      of the stretch
 * block_size a multiple of 64; the last block may be shorter, and a stretch of no bytes is one empty block
 * first      index of its first block in the file
 * keys       32 bytes of the file's secret, then 32 of its name
 * kind       PLAIN, SALTED or LEAF
 * out        32 bytes a block
 *
 * One loop with one compression in it: what differs from step to step is only where the sixteen words come from.
 */
KERNEL selvage_blocks(const u8 *data, u64 bytes, u32 block_size, u64 first, const u32 *keys, u32 kind, u32 *out) {
    u64 i = THREAD;
    u64 offset = i * block_size;
    if (offset >= bytes && i != 0) {
        return;
    }
    u32 length = bytes - offset < block_size ? (u32)(bytes - offset) : block_size;
    u64 bits = ((u64)length + (kind == PLAIN ? 0 : 64)) * 8;
    u32 left = length;
    const u8 *at = data + offset;
    enum { SALT, SALTED_BLOCK, DATA, REST, BITS, LEAF_BEGIN, LEAF_END } step = kind == PLAIN ? DATA : SALT;
    u32 s[8], w[16], last[4] = {0, 0, 0, 0};
    begin(s);
    for (;;) {
        if (step == DATA && left < 64) {
            step = REST;
        }
        if (step == DATA) {
            load64(w, at);
            at += 64;
            left -= 64;
        } else if (step == REST || step == BITS) {
            if (step == REST) {
                load_rest(w, at, left);
            } else {
                clear(w, 0);
            }
            if (step == BITS || left < 56) {
                w[14] = (u32)(bits >> 32);
                w[15] = (u32)bits;
            }
        } else if (step == SALT) {
            salt_words(w, keys, first + i);
        } else if (step == SALTED_BLOCK) {
            salted_words(w, s);
            begin(s);
        } else if (step == LEAF_BEGIN) {
            leaf_words(w, keys + 8, first + i, length, s);
            last[0] = s[4], last[1] = s[5], last[2] = s[6], last[3] = s[7];
            begin(s);
        } else {
            leaf_end_words(w, last);
        }
        compress(s, w);
        if (step == SALT) {
            step = SALTED_BLOCK;
        } else if (step == SALTED_BLOCK) {
            step = DATA;
        } else if (step == REST && left >= 56) {
            step = BITS;
        } else if ((step == REST || step == BITS) && kind == LEAF) {
            step = LEAF_BEGIN;
        } else if (step == LEAF_BEGIN) {
            step = LEAF_END;
        } else if (step != DATA) {
            break;
        }
    }
    store32(out + 8 * i, s);
}

/* A level of the tree: SHA-256(0x01 | left | right) of each pair below; an odd node moves up unchanged. */
KERNEL selvage_nodes(const u32 *below, u32 width, u32 *above) {
    u64 i = THREAD;
    if (2 * i >= width) {
        return;
    }
    u32 left[8], right[8], w[16], s[8];
    load32(left, below + 16 * i);
    if (2 * i + 1 == width) {
        store32(above + 8 * i, left);
        return;
    }
    load32(right, below + 16 * i + 8);
    begin(s);
    node_words(w, left, right);
    for (int end = 0;; end = 1) {
        compress(s, w);
        if (end) {
            break;
        }
        clear(w, 1);
        w[0] = right[7] << 24 | 0x800000;
        w[15] = 65 * 8;
    }
    store32(above + 8 * i, s);
}

#ifndef GPU
/* A launch of so many threads, on the host: one after another. */
void host_blocks(u64 threads, const u8 *data, u64 bytes, u32 block_size, u64 first, const u32 *keys, u32 kind, u32 *out) {
    for (host_thread = 0; host_thread < threads; host_thread++) {
        selvage_blocks(data, bytes, block_size, first, keys, kind, out);
    }
}

void host_nodes(u64 threads, const u32 *below, u32 width, u32 *above) {
    for (host_thread = 0; host_thread < threads; host_thread++) {
        selvage_nodes(below, width, above);
    }
}
#endif
