/**
 * How glibc keeps what was freed: in few heaps, and never what is large. Threads of the engine come and go, one for each
 * image and job; each would get a heap of its own, and buffers of a megabyte would be cut out of it, so that the memory of
 * closed images stayed. In bytes, as mallopt(3) has them.
 */
const GLIBC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(128 << 10),
  MALLOC_TRIM_THRESHOLD_: String(128 << 10),
}

/** The environment that the engine's process is started in; what is set there already stays. */
export function engineEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...GLIBC, ...own }
}
