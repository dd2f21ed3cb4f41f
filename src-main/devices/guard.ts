import { because, type Details } from '../../src-shared/model/reasons'
import type { Bus, Drive, Machine, MachineNode, Use, UseKind } from './drive'

/** Why a drive is not offered: a sentence that ends, and a word for programs. */
export interface Rejection {
  code: UseKind | 'unknown' | 'read-only' | 'no-medium' | 'optical' | 'fixed'
  reason: string
  /** What the window words it by. */
  details: Details
}

const REMOVABLE_BUSES: ReadonlySet<Bus> = new Set<Bus>(['usb', 'sd', 'mmc', 'loop', 'file'])

/** Reasons of what a drive is used for. */
type UseReason =
  | 'startsComputer'
  | 'holdsSwap'
  | 'isSource'
  | 'holdsImage'
  | 'holdsProgram'
  | 'holdsProfile'
  | 'holdsScratch'
  | 'mountedAt'
  | 'heldBy'

/** From what is worst to what is least: one reason is told. */
const FORBIDDEN: readonly [UseKind, (what: string) => string, UseReason | null][] = [
  ['system', () => 'The running system is on it.', null],
  ['boot', (what) => `This computer starts from it (${what}).`, 'startsComputer'],
  ['swap', (what) => `It holds swap space that is in use (${what}).`, 'holdsSwap'],
  ['image', (what) => `It is what is to be read (${what}).`, 'isSource'],
  ['holds-image', (what) => `The image lies on it (${what}).`, 'holdsImage'],
  ['program', (what) => `This program runs from it (${what}).`, 'holdsProgram'],
  ['profile', (what) => `This program keeps its data on it (${what}).`, 'holdsProfile'],
  ['scratch', (what) => `This program keeps temporary files on it (${what}).`, 'holdsScratch'],
  ['mounted', (what) => `It is in use at ${what}.`, 'mountedAt'],
  ['held', (what) => `It is in use by ${what}.`, 'heldBy'],
]

/**
 * Whether a drive may be written over: null, or why not. Whatever lies on the drive through any chain of partitions,
 * mapped devices, RAID, pools, loop devices and files counts as on it. What is not known is refused.
 * @param isFixedAllowed a drive that is built in may be meant; one that the system needs never is
 */
export function verdict(drive: Drive, machine: Machine, isFixedAllowed = false): Rejection | null {
  const nodes = new Map(machine.nodes.map((node) => [node.id, node]))
  const own = nodes.get(drive.id)
  if (own === undefined || !machine.drives.some(({ id }) => id === drive.id))
    return { code: 'unknown', reason: 'It is not a drive of this computer.', details: because('notADrive', {}) }
  if (own.kind === 'partition')
    return { code: 'unknown', reason: 'It is a part of a drive, not a whole one.', details: because('partOfDrive', {}) }
  if (drive.bus === 'optical')
    return {
      code: 'optical',
      reason: 'It is a drive for discs, which are burned.',
      details: because('burnedInstead', {}),
    }
  if (drive.byteLength <= 0)
    return { code: 'no-medium', reason: 'There is no medium in it.', details: because('hasNoMedium', {}) }
  const uses = usesOf(own, nodes, machine.nodes)
  for (const [kind, say, reason] of FORBIDDEN) {
    const use = uses.find((each) => each.kind === kind)
    if (use !== undefined)
      return {
        code: kind,
        reason: say(use.what),
        details: reason === null ? because('holdsSystem', {}) : because(reason, { what: use.what }),
      }
  }
  if (drive.readOnly)
    return {
      code: 'read-only',
      reason: 'It is read-only; a card may have a switch for it.',
      details: because('isReadOnly', {}),
    }
  if (!isFixedAllowed && !REMOVABLE_BUSES.has(drive.bus))
    return {
      code: 'fixed',
      reason: 'It is neither on USB nor a card: it may be built in.',
      details: because('isBuiltIn', {}),
    }
  return null
}

/** Every node that lies on one, the node itself first. */
export function nodesOn(own: MachineNode, all: readonly MachineNode[]): MachineNode[] {
  const above = new Map<string, MachineNode[]>()
  for (const node of all) for (const id of node.on) above.set(id, [...(above.get(id) ?? []), node])
  const found = new Set([own])
  for (const node of found) for (const each of above.get(node.id) ?? []) found.add(each)
  return [...found]
}

/**
 * What is done with a node and all that lies on it. Of what it lies on itself, only files count, and what is read: a disk
 * may hold a drive for tests and the image beside it.
 */
function usesOf(own: MachineNode, nodes: ReadonlyMap<string, MachineNode>, all: readonly MachineNode[]): Use[] {
  const uses = nodesOn(own, all).flatMap((node) => node.uses)
  const below = new Set(own.on)
  for (const id of below) {
    const node = nodes.get(id)
    // A chain that leads nowhere hides what it leads to.
    if (node === undefined) {
      uses.push({ kind: 'held', what: `something that is not known (${id})` })
      continue
    }
    for (const each of node.on) below.add(each)
    uses.push(...node.uses.filter(({ kind }) => kind === 'image' || (node.kind === 'file' && kind !== 'held')))
    if (node.kind === 'file') for (const each of otherLoops(node, own, all)) uses.push(...each.uses)
  }
  return uses
}

/** A file may be attached several times: what is mounted by another name is the same bytes. */
function otherLoops(file: MachineNode, own: MachineNode, all: readonly MachineNode[]): MachineNode[] {
  return nodesOn(file, all).filter((node) => node !== file && node !== own)
}
