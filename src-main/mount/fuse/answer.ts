import type { TreeNode } from '../tree'
import { Length } from './protocol'

/** How long the kernel may keep names and attributes, in seconds: an image does not change while it is open. */
const VALID_SECONDS = 86_400

/** `fuse_out_header`. @param error from `Errno`; 0 where all is well @param byteLength of everything, this included */
export function writeOutHeader(
  into: Buffer,
  { uniqueLow, uniqueHigh }: { uniqueLow: number; uniqueHigh: number },
  error: number,
  byteLength: number,
): void {
  into.writeUInt32LE(byteLength, 0)
  into.writeInt32LE(-error, 4)
  into.writeUInt32LE(uniqueLow, 8)
  into.writeUInt32LE(uniqueHigh, 12)
}

/** A number of 64 bits, negative ones as two’s complement. */
export function writeU64(into: Buffer, value: number, at: number): void {
  into.writeUInt32LE(value >>> 0, at)
  into.writeInt32LE(Math.floor(value / 2 ** 32) | 0, at + 4)
}

/** `fuse_attr`. */
export function writeAttributes(into: Buffer, at: number, node: TreeNode, owner: { uid: number; gid: number }): void {
  const seconds = Math.floor(node.modified / 1000)
  const nanoseconds = Math.round((node.modified - seconds * 1000) * 1e6)
  writeU64(into, node.number, at)
  writeU64(into, node.byteLength, at + 8)
  writeU64(into, Math.ceil(node.byteLength / 512), at + 16)
  for (let time = 0; time < 3; time++) {
    writeU64(into, seconds, at + 24 + time * 8)
    into.writeUInt32LE(nanoseconds, at + 48 + time * 4)
  }
  into.writeUInt32LE((node.type << 12) | node.permissions, at + 60)
  into.writeUInt32LE(node.linkCount, at + 64)
  into.writeUInt32LE(owner.uid, at + 68)
  into.writeUInt32LE(owner.gid, at + 72)
  into.writeUInt32LE(node.device, at + 76)
  into.writeUInt32LE(4096, at + 80)
  into.writeUInt32LE(0, at + 84)
}

/** `fuse_entry_out`. */
export function writeEntryOut(into: Buffer, at: number, node: TreeNode, owner: { uid: number; gid: number }): void {
  writeU64(into, node.number, at)
  writeU64(into, 0, at + 8)
  writeU64(into, VALID_SECONDS, at + 16)
  writeU64(into, VALID_SECONDS, at + 24)
  writeU64(into, 0, at + 32)
  writeAttributes(into, at + 40, node, owner)
}

/** `fuse_entry_out` of a name that is not there, which the kernel may keep as well. */
export function writeNoEntry(into: Buffer, at: number): void {
  into.fill(0, at, at + Length.entryOut)
  writeU64(into, VALID_SECONDS, at + 16)
}

/** `fuse_attr_out`. */
export function writeAttributesOut(
  into: Buffer,
  at: number,
  node: TreeNode,
  owner: { uid: number; gid: number },
): void {
  writeU64(into, VALID_SECONDS, at)
  writeU64(into, 0, at + 8)
  writeAttributes(into, at + 16, node, owner)
}

/** `fuse_dirent`: the name is padded to eight bytes. @returns where the next one goes */
export function writeDirectoryEntry(
  into: Buffer,
  at: number,
  entry: { number: number; next: number; type: number; name: Uint8Array },
): number {
  const { name } = entry
  writeU64(into, entry.number, at)
  writeU64(into, entry.next, at + 8)
  into.writeUInt32LE(name.byteLength, at + 16)
  into.writeUInt32LE(entry.type, at + 20)
  into.set(name, at + Length.directoryEntry)
  const end = at + Length.directoryEntry + name.byteLength
  const padded = at + directoryEntryLength(name.byteLength)
  into.fill(0, end, padded)
  return padded
}

/** Of a `fuse_dirent` with its padding, in bytes. */
export function directoryEntryLength(nameLength: number): number {
  return Length.directoryEntry + Math.ceil(nameLength / 8) * 8
}
