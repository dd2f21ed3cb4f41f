import { buildUdf, virtualTable, type BuiltUdf, type UdfNode } from './udf-builder'

/** UDF on media that are written in a row: each writing ends with a virtual allocation table. */
export type SequentialKind = 'virtual-1.50' | 'virtual-2.00'

const SECTOR = 2048
/** A CD has so many blocks, of which most are not written yet. */
const CAPACITY = 350_000

/** A file whose bytes lie in its entry, so that nothing of it stays where it was when the entry is moved. */
export function embedded(name: string, content: string): UdfNode {
  return { name, data: new TextEncoder().encode(content), allocation: 'embedded' }
}

/** A medium after its first writing; its last block is the table. */
export function firstWriting(root: UdfNode[], kind: SequentialKind): BuiltUdf {
  return buildUdf(root, { kind, capacity: CAPACITY, revision: kind === 'virtual-1.50' ? 0x0150 : 0x0201 })
}

/** Puts a further writing behind what is there: a whole new tree of embedded files, and a table that names it. */
export function furtherWriting(before: Uint8Array, root: UdfNode[], kind: SequentialKind, link = 0): Uint8Array {
  const built = firstWriting(root, kind)
  const table = tableOf(built.bytes, kind)
  const used = (Math.max(...table) + 1) * SECTOR
  const start = before.byteLength + link * SECTOR
  const shift = (start - built.partitionStart) / SECTOR
  const bytes = new Uint8Array(start + used + SECTOR)
  bytes.set(before)
  bytes.set(built.bytes.subarray(built.partitionStart, built.partitionStart + used), start)
  const places = table.map((block) => block + shift)
  const previous = (before.byteLength - SECTOR - built.partitionStart) / SECTOR
  bytes.set(virtualTable(kind, places, shift + used / SECTOR, previous), start + used)
  return bytes
}

/** What the table in the last block says. */
function tableOf(bytes: Uint8Array, kind: SequentialKind): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.byteLength - SECTOR)
  const length = view.getUint32(172, true)
  const [from, to] = kind === 'virtual-1.50' ? [0, length - 36] : [152, length]
  return Array.from({ length: (to - from) / 4 }, (_, index) => view.getUint32(176 + from + index * 4, true))
}
