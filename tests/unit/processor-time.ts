/** What work took of this thread's processor, in milliseconds: unlike the time that passes, no other program's business. */
export async function processorTime<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const before = process.threadCpuUsage()
  const value = await work()
  const { user, system } = process.threadCpuUsage(before)
  return { ms: (user + system) / 1000, value }
}
