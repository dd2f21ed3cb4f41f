import { execFile } from 'node:child_process'
import fs from 'node:fs'
import type { Machine, MachineNode } from '../drive'
import { DeviceError } from '../device-error'
import { nodesOn } from '../guard'
import { heldBy } from '../list/holders'

const PROGRAMS = ['/usr/bin/umount', '/bin/umount']

/**
 * Unmounts every volume on a drive.
 * @returns where they were mounted
 * @throws {DeviceError} `DRIVE_BUSY` with what holds one
 */
export async function unmountAll(drive: MachineNode, machine: Machine): Promise<string[]> {
  const points = nodesOn(drive, machine.nodes).flatMap(({ uses }) =>
    uses.filter(({ kind }) => kind === 'removable').map(({ what }) => what),
  )
  // What is mounted last may lie below what was mounted first.
  for (const point of points.toReversed()) await unmount(point)
  return points
}

async function unmount(point: string): Promise<void> {
  const program = PROGRAMS.find((each) => fs.existsSync(each))
  if (program === undefined) throw new DeviceError('HELPER_FAILED', 'There is no program “umount” on this computer.')
  const problem = await new Promise<string | null>((resolve) => {
    execFile(program, ['--', point], { env: { LC_ALL: 'C' }, timeout: 60_000 }, (error, _, stderr) => {
      resolve(error === null ? null : stderr.trim() || error.message)
    })
  })
  if (problem === null) return
  throw new DeviceError('DRIVE_BUSY', `What is mounted at ${point} cannot be unmounted: ${heldBy(point, problem)}.`)
}
