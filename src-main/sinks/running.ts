import fs from 'node:fs'

/** Whether a process of this computer is still at work. A zombie, ended but not yet waited for by its parent, is not. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return !hasExited(processId)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** Some containers' first process takes its time to reap what others leave, or never does. */
function hasExited(processId: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    // The name before the state is in brackets, and may have any sign in it.
    const stat = fs.readFileSync(`/proc/${processId}/stat`, 'utf8')
    return stat.startsWith(') Z', stat.lastIndexOf(')'))
  } catch {
    return false
  }
}
