import { both16, both32, concat, SECTOR, text } from './iso-builder'

/** A file or folder of a High Sierra volume, under its recorded name (`FILE.TXT;1`). */
export interface HighSierraNode {
  name: string
  data?: string
  children?: HighSierraNode[]
  /** Further bits of its record's flags. */
  flags?: number
  /** Its content lies in this many records, one for each sector. */
  isInSections?: boolean
}

const FIRST_BLOCK = 18
const DATE = [88, 5, 28, 12, 30, 15]

const field = (value: string, length: number): Uint8Array => text(value.padEnd(length).slice(0, length))

function record(name: Uint8Array | number[], block: number, byteLength: number, flags: number): Uint8Array {
  const length = 33 + name.length + ((name.length & 1) ^ 1)
  const bytes = concat([length, 0], both32(block), both32(byteLength), DATE, [flags, 0, 0, 0], both16(1), [name.length], name)
  return concat(bytes, new Uint8Array(length - bytes.byteLength))
}

/** Lays out a volume by the High Sierra Group's working paper: descriptors that begin with their own block number. */
export function buildHighSierra(root: HighSierraNode[], volumeId = 'SIERRA'): Uint8Array {
  const blocks: Uint8Array[] = []
  const place = (bytes: Uint8Array): number => {
    const at = FIRST_BLOCK + blocks.length
    const count = Math.max(1, Math.ceil(bytes.byteLength / SECTOR))
    for (let i = 0; i < count; i++) {
      const block = new Uint8Array(SECTOR)
      block.set(bytes.subarray(i * SECTOR, (i + 1) * SECTOR))
      blocks.push(block)
    }
    return at
  }
  const directory = (nodes: HighSierraNode[]): { block: number; byteLength: number } => {
    const records = nodes.flatMap((node) => {
      const name = text(node.name)
      if (node.children !== undefined) {
        const child = directory(node.children)
        return [record(name, child.block, child.byteLength, 2 | (node.flags ?? 0))]
      }
      const data = text(node.data ?? '')
      if (node.isInSections !== true) return [record(name, place(data), data.byteLength, node.flags ?? 0)]
      const parts = Math.ceil(data.byteLength / SECTOR)
      return Array.from({ length: parts }, (_, part) => {
        const piece = data.subarray(part * SECTOR, (part + 1) * SECTOR)
        return record(name, place(piece), piece.byteLength, (node.flags ?? 0) | (part < parts - 1 ? 0x80 : 0))
      })
    })
    const block = place(new Uint8Array(SECTOR))
    const own = concat(record([0], block, SECTOR, 2), record([1], block, SECTOR, 2), ...records)
    if (own.byteLength > SECTOR) throw new Error('The builder makes directories of one sector.')
    blocks[block - FIRST_BLOCK]!.set(own)
    return { block, byteLength: SECTOR }
  }
  const top = directory(root)
  const total = FIRST_BLOCK + blocks.length
  const standard = concat(
    both32(16),
    [1],
    text('CDROM'),
    [1, 0],
    field('SYSTEM', 32),
    field(volumeId, 32),
    new Uint8Array(8),
    both32(total),
    new Uint8Array(32),
    both16(1),
    both16(1),
    both16(SECTOR),
    both32(10),
    new Uint8Array(32),
    record([0], top.block, top.byteLength, 2),
    field('SET', 128),
    field('PUBLISHER', 128),
    field('PREPARER', 128),
    field('APPLICATION', 128),
    new Uint8Array(64),
    text('1988052812301500'),
    text('1988052912301500'),
  )
  const image = new Uint8Array(total * SECTOR)
  image.set(standard, 16 * SECTOR)
  image.set(concat(both32(17), [255], text('CDROM'), [1]), 17 * SECTOR)
  for (const [index, block] of blocks.entries()) image.set(block, (FIRST_BLOCK + index) * SECTOR)
  return image
}
