/**
 * How a worker's process keeps its memory small (docs/adr/0024, docs/PERFORMANCE.md). It makes much garbage in each of its threads
 * and keeps little: a small nursery bounds the peak of JavaScript. What the C library has taken for a peak, it gives back only in
 * pieces of their own and from the end of an only arena. The same stands in package.json and docker-compose.yml.
 */
export const WORKER_FLAGS = ['--max-semi-space-size=4'] as const;
export const WORKER_VARIABLES = {
  GLIBC_TUNABLES:
    'glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=16384:glibc.malloc.trim_threshold=65536:glibc.malloc.top_pad=0',
} as const;
