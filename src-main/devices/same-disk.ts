import path from 'node:path'
import { because } from '../../src-shared/model'
import { DeviceError } from './device-error'
import type { MachineNode } from './drive'
import { nodesOn } from './guard'
import { listMachine } from './list'
import { recordFile } from './list/linux-record'

/**
 * Whether a folder, or the nearest one above it that is there, lies on the disk that a device is or is a part of, through
 * whatever chain. False for a device that is a file; elsewhere than on Linux nobody knows.
 */
export async function liesOnDiskOf(devicePath: string, folder: string): Promise<boolean> {
  const device = process.platform === 'linux' ? (recordFile(devicePath)?.block ?? null) : null
  if (device === null) return false
  const { nodes } = await listMachine({ inUse: [{ kind: 'scratch', path: path.resolve(folder) }] })
  const own = nodes.find(({ id }) => id === device)
  return own !== undefined && disksBelow(own, nodes).some((disk) => isUsed(disk, nodes))
}

/**
 * Saving onto the disk that is searched would write over what is to be saved.
 * @throws {DeviceError} `UNSAFE_DESTINATION`
 */
export async function assertOnAnotherDisk(devicePath: string, folder: string): Promise<void> {
  if (!(await liesOnDiskOf(devicePath, folder))) return
  throw new DeviceError(
    'UNSAFE_DESTINATION',
    `${folder} lies on the disk that is searched. Choose a folder on another disk.`,
    null,
    because('onSearchedDisk', { folder }),
  )
}

function isUsed(disk: MachineNode, nodes: readonly MachineNode[]): boolean {
  return nodesOn(disk, nodes).some(({ uses }) => uses.some(({ kind }) => kind === 'scratch'))
}

/** What a partition or a layer lies on in the end; not what a file lies on that stands for a disk. */
function disksBelow(own: MachineNode, nodes: readonly MachineNode[]): MachineNode[] {
  const found = new Set([own])
  for (const node of found) {
    const below = nodes.filter(({ id }) => node.on.includes(id))
    if (below.every(({ kind }) => kind !== 'file')) for (const each of below) found.add(each)
  }
  return [...found]
}
