/** Builds small FAT volumes: 512-byte sectors, one sector a cluster, long names throughout. */

export interface FatNode {
  name: string
  children?: FatNode[]
  data?: Uint8Array
  hidden?: boolean
  /** Without a long name: eight and three bytes as recorded. */
  short?: string
  /** The short name beside the long one, in the same way. */
  alias?: string
}

const SECTOR = 512

/**
 * @param copies of the allocation table, one behind the other
 * @param clusters as many as are usual for that many bits, unless told
 */
export function buildFat(
  bits: 12 | 16 | 32,
  nodes: FatNode[],
  copies = 1,
  clusters = { 12: 1000, 16: 5000, 32: 66_000 }[bits],
): Uint8Array {
  const reserved = bits === 32 ? 32 : 1
  const fatSectors = Math.ceil(((clusters + 2) * bits) / 8 / SECTOR)
  const rootEntries = bits === 32 ? 0 : 64
  const rootSector = reserved + copies * fatSectors
  const dataSector = rootSector + (rootEntries * 32) / SECTOR
  const bytes = new Uint8Array((dataSector + clusters) * SECTOR)
  const view = new DataView(bytes.buffer)
  const fat = new Uint32Array(clusters + 2)
  // The byte that names the medium, and the bits behind it; then what says that all was written.
  fat.set([0x0ffffff8, 0x0fffffff])
  let next = 2

  const allocate = (content: Uint8Array): number => {
    const count = Math.ceil(content.byteLength / SECTOR)
    if (count === 0) return 0
    const first = next
    for (let i = 0; i < count; i++) {
      // Every other cluster, so that chains have something to follow.
      const cluster = next
      next += 2
      bytes.set(content.subarray(i * SECTOR, (i + 1) * SECTOR), (dataSector + cluster - 2) * SECTOR)
      fat[cluster] = i === count - 1 ? 0x0fffffff : next
    }
    return first
  }
  // What `.` and `..` name is known when the directory, and then its parent, has its place.
  const nameCluster = (directoryCluster: number, entry: number, cluster: number): void => {
    const at = (dataSector + directoryCluster - 2) * SECTOR + entry * 32
    view.setUint16(at + 26, cluster & 0xffff, true)
    view.setUint16(at + 20, cluster >> 16, true)
  }
  const directory = (children: FatNode[], isRoot: boolean): { content: Uint8Array; inner: number[] } => {
    const entries: number[][] = isRoot ? [] : [dotEntry('.'), dotEntry('..')]
    const inner: number[] = []
    for (const [index, node] of children.entries()) {
      const isDirectory = node.children !== undefined
      const own = node.children === undefined ? null : directory(node.children, false)
      const content = own?.content ?? node.data ?? new Uint8Array(0)
      const short = node.short ?? node.alias ?? `FILE${String(index).padStart(4, '0')}   `
      if (node.short === undefined) entries.push(...longEntries(node.name, short))
      const attributes = (isDirectory ? 0x10 : 0x20) | (node.hidden === true ? 2 : 0)
      const first = allocate(content)
      entries.push(shortEntry(short, attributes, first, isDirectory ? 0 : content.byteLength))
      if (own === null) continue
      nameCluster(first, 0, first)
      for (const child of own.inner) nameCluster(child, 1, first)
      inner.push(first)
    }
    const flat = Uint8Array.from(entries.flat())
    const padded = new Uint8Array(Math.ceil((flat.byteLength + 32) / SECTOR) * SECTOR)
    padded.set(flat)
    return { content: padded, inner }
  }

  const root = directory(nodes, true).content
  let rootCluster = 0
  if (bits === 32) rootCluster = allocate(root)
  else bytes.set(root, rootSector * SECTOR)
  for (let copy = 0; copy < copies; copy++) {
    const start = (reserved + copy * fatSectors) * SECTOR
    for (let cluster = 0; cluster < fat.length; cluster++) writeFat(bytes, start, bits, cluster, fat[cluster] ?? 0)
  }
  bytes.set([0xeb, 0x3c, 0x90], 0)
  view.setUint16(11, SECTOR, true)
  bytes[13] = 1
  view.setUint16(14, reserved, true)
  bytes[16] = copies
  view.setUint16(17, rootEntries, true)
  bytes[21] = 0xf8
  view.setUint32(32, dataSector + clusters, true)
  if (bits === 32) {
    view.setUint32(36, fatSectors, true)
    view.setUint32(44, rootCluster, true)
  } else {
    view.setUint16(22, fatSectors, true)
  }
  if (bits === 32) view.setUint16(50, 6, true)
  bytes.set([0x55, 0xaa], 510)
  if (bits === 32) bytes.copyWithin(6 * SECTOR, 0, SECTOR)
  return bytes
}

function writeFat(bytes: Uint8Array, start: number, bits: number, cluster: number, value: number): void {
  if (bits === 12) {
    const at = start + cluster + (cluster >> 1)
    const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
    const joined = (cluster & 1) !== 0 ? (pair & 0x000f) | ((value & 0xfff) << 4) : (pair & 0xf000) | (value & 0xfff)
    bytes.set([joined & 255, joined >> 8], at)
    return
  }
  for (let i = 0; i < bits / 8; i++) bytes[start + (cluster * bits) / 8 + i] = (value >>> (i * 8)) & 255
}

function shortEntry(short: string, attributes: number, cluster: number, byteLength: number): number[] {
  const word = (value: number): number[] => [value & 255, (value >> 8) & 255]
  const name = Array.from(short.padEnd(11), (letter) => letter.charCodeAt(0))
  // 17 May 2024, 10:30:00.
  const stamp = [...word((10 << 11) | (30 << 5)), ...word((44 << 9) | (5 << 5) | 17)]
  return [...name, attributes, 0, 0, 0, 0, 0, 0, 0, 0, ...word(cluster >> 16), ...stamp, ...word(cluster), ...word(byteLength & 0xffff), ...word(byteLength >> 16)]
}

function dotEntry(name: string): number[] {
  return shortEntry(name, 0x10, 0, 0)
}

function longEntries(name: string, short: string): number[][] {
  let sum = 0
  for (const letter of short.padEnd(11)) sum = (((sum & 1) << 7) + (sum >> 1) + letter.charCodeAt(0)) & 255
  const units = Array.from({ length: name.length }, (_, index) => name.charCodeAt(index))
  if (units.length % 13 !== 0) units.push(0)
  while (units.length % 13 !== 0) units.push(0xffff)
  const entries: number[][] = []
  for (let part = 0; part < units.length / 13; part++) {
    const text = units.slice(part * 13, part * 13 + 13).flatMap((unit) => [unit & 255, unit >> 8])
    const order = part + 1 + ((part + 1) * 13 === units.length ? 0x40 : 0)
    entries.unshift([order, ...text.slice(0, 10), 0x0f, 0, sum, ...text.slice(10, 22), 0, 0, ...text.slice(22)])
  }
  return entries
}
