/**
 * The environment that the engine's process is started in. Its threads come and go, one for each image and job, and glibc
 * gives each of them a heap that keeps what was freed in it: with few heaps the memory of closed images goes back.
 */
export function engineEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...own, MALLOC_ARENA_MAX: own.MALLOC_ARENA_MAX ?? '2' }
}
