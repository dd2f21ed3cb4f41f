import { execFile } from 'node:child_process'
import fs from 'node:fs'
import type { Machine, MachineNode } from '../drive'
import { DeviceError } from '../device-error'
import { nodesOn } from '../guard'
import { heldBy } from '../list/holders'
import { nameOfMount, parseMountInfo, strangerAt, type Mount } from '../list/mount-info'

const PROGRAMS = ['/usr/bin/umount', '/bin/umount']

/**
 * Unmounts every volume on a drive, and nothing else: not what somebody has mounted over one, or below.
 * @returns where they were mounted
 * @throws {DeviceError} `DRIVE_BUSY` with what holds one, or is in its way; nothing is unmounted then but what lay above it
 */
export async function unmountAll(drive: MachineNode, machine: Machine): Promise<string[]> {
  const nodes = nodesOn(drive, machine.nodes)
  const points = nodes.flatMap(({ uses }) => uses.filter(({ kind }) => kind === 'removable').map(({ what }) => what))
  const devices = new Set(nodes.map(({ id }) => id.replace(/^btrfs:.*?:(?=\d+:\d+$)/, '')))
  const order = mountsNow().map(({ point }) => point)
  // What is mounted last may lie below what was mounted first.
  const ordered = points.toSorted((a, b) => order.lastIndexOf(a) - order.lastIndexOf(b))
  for (let left = ordered.length; left > 0; left--) {
    assertOwn(ordered.slice(0, left), devices)
    await unmount(ordered[left - 1] ?? '')
  }
  return points
}

function mountsNow(): Mount[] {
  return parseMountInfo(fs.readFileSync('/proc/self/mountinfo', 'utf8'))
}

/** @throws {DeviceError} `DRIVE_BUSY` */
function assertOwn(points: readonly string[], devices: ReadonlySet<string>): void {
  const stranger = strangerAt(points, devices, mountsNow())
  if (stranger === null) return
  const { point, mount } = stranger
  throw new DeviceError(
    'DRIVE_BUSY',
    `${nameOfMount(mount)} is mounted ${mount.point === point ? `over ${point}` : `below ${point}, at ${mount.point}`}, and is not on this drive. Unmount it first.`,
  )
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
