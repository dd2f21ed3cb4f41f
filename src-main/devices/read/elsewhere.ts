import fs from 'node:fs'
import path from 'node:path'
import { DeviceError } from '../device-error'
import type { MachineNode } from '../drive'
import { nodesOn } from '../guard'
import { listMachine } from '../list'
import { fileNodeId } from '../list/linux'
import { recordFile } from '../list/linux-record'

/** What is read, and the files that are written meanwhile. */
export interface Places {
  source: string
  target: string
  map: string | null
}

/** Where a path leads, links followed; of what is not there yet, where it would lie. */
export function canonical(named: string): string {
  const full = path.resolve(named)
  try {
    return fs.realpathSync(full)
  } catch {
    const folder = path.dirname(full)
    return folder === full ? full : path.join(canonical(folder), path.basename(full))
  }
}

/**
 * Never onto what is read: neither as the same file nor as one that lies on it, through whatever chain of file systems,
 * partitions and loop devices; and never two files as one.
 * @throws {DeviceError} `DRIVE_REFUSED`; `BAD_REQUEST` where image and map are one file
 */
export async function assertElsewhere({ source, target, map }: Places): Promise<void> {
  if (map !== null && isSame(target, map))
    throw new DeviceError('BAD_REQUEST', `${map} would be the image and its map at once. Name another file with --map.`)
  if (process.platform !== 'linux') return
  const written = [target, ...(map === null ? [] : [map])]
  const own = recordFile(source)
  for (const each of written) {
    const other = recordFile(each)
    if (other !== null && (isSame(source, each) || other.block !== null))
      throw new DeviceError('DRIVE_REFUSED', `${each} is what is to be read, or a drive. Name another file.`)
  }
  if (own === null) return
  const id = own.block ?? fileNodeId(own)
  for (const each of written) {
    const folder = path.dirname(canonical(each))
    const { nodes } = await listMachine({ inUse: [{ kind: 'scratch', path: folder }] })
    const node = nodes.find((one) => one.id === id)
    if (node !== undefined && liesOn(node, nodes))
      throw new DeviceError('DRIVE_REFUSED', `${each} would lie on ${source} itself. Name a file on another disk.`)
  }
}

/** By whatever names, both being there; else by the place that both lead to. */
function isSame(one: string, other: string): boolean {
  if (canonical(one) === canonical(other)) return true
  const [a, b] = [recordFile(one), recordFile(other)]
  return a !== null && b !== null && fileNodeId(a) === fileNodeId(b)
}

/** Whether what is in use lies on a device or a file, or on the file that a loop device stands for. */
function liesOn(own: MachineNode, nodes: readonly MachineNode[]): boolean {
  const files = nodes.filter(({ id, kind }) => kind === 'file' && own.on.includes(id))
  return [own, ...files]
    .flatMap((each) => nodesOn(each, nodes))
    .some(({ uses }) => uses.some(({ kind }) => kind === 'scratch'))
}
