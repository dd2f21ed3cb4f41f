/** A file or folder of a volume that is built. */
export interface ExfatNode {
  name: string
  data?: Uint8Array
  /** Up to where content was written, in bytes; what follows is whatever lay there. */
  validLength?: number
  /** Every other cluster, in a chain; in a row otherwise. */
  isFragmented?: boolean
  children?: ExfatNode[]
  /** What the set of entries says instead, by byte of the set. */
  lies?: (set: DataView) => void
}

const SECTOR = 512
const CLUSTER = 4096
const FAT_SECTOR = 24
const FAT_SECTORS = 8
const HEAP_SECTOR = 32
const CLUSTERS = 512
const FIRST = 2

/** Builds an exFAT volume of 2 MiB (exFAT specification), with both boot regions, bitmap and up-case table. */
export function buildExfat(nodes: readonly ExfatNode[], label = ''): Uint8Array {
  const bytes = new Uint8Array(HEAP_SECTOR * SECTOR + CLUSTERS * CLUSTER)
  const volume = new Volume(bytes)
  const upcase = upcaseTable()
  const bitmapCluster = volume.allocate(1, false)[0]!
  const upcaseCluster = volume.store(upcase, false)[0]!
  const root = volume.allocate(4, true)
  const entries = [
    ...(label === '' ? [] : [labelEntry(label)]),
    systemEntry(0x81, bitmapCluster, CLUSTERS / 8),
    systemEntry(0x82, upcaseCluster, upcase.byteLength, sum32(upcase)),
    ...nodes.flatMap((node) => volume.entriesOf(node)),
  ]
  volume.write(root, join(entries))
  volume.finish(bitmapCluster)
  const boot = bootRegion(root[0]!)
  bytes.set(boot, 0)
  bytes.set(boot, 12 * SECTOR)
  return bytes
}

class Volume {
  private next = FIRST
  private readonly used = new Set<number>()
  private readonly fat: DataView

  constructor(private readonly bytes: Uint8Array) {
    this.fat = new DataView(bytes.buffer, FAT_SECTOR * SECTOR, FAT_SECTORS * SECTOR)
    this.fat.setUint32(0, 0xfffffff8, true)
    this.fat.setUint32(4, 0xffffffff, true)
  }

  /** Clusters, linked in the table where they are not in a row, or are asked to be. */
  allocate(count: number, isLinked: boolean, step = 1): number[] {
    const clusters = Array.from({ length: count }, (_, index) => this.next + index * step)
    this.next += count * step
    for (const [index, cluster] of clusters.entries()) {
      this.used.add(cluster)
      if (isLinked || step > 1) this.fat.setUint32(cluster * 4, clusters[index + 1] ?? 0xffffffff, true)
    }
    return clusters
  }

  store(data: Uint8Array, isFragmented: boolean): number[] {
    const clusters = this.allocate(Math.ceil(data.byteLength / CLUSTER), isFragmented, isFragmented ? 2 : 1)
    this.write(clusters, data)
    return clusters
  }

  write(clusters: readonly number[], data: Uint8Array): void {
    for (const [index, cluster] of clusters.entries())
      this.bytes.set(data.subarray(index * CLUSTER, (index + 1) * CLUSTER), placeOf(cluster))
  }

  entriesOf(node: ExfatNode): Uint8Array[] {
    const data = node.children === undefined ? (node.data ?? new Uint8Array(0)) : this.directory(node.children)
    const clusters = this.store(data, node.isFragmented === true)
    const length = node.children === undefined ? data.byteLength : clusters.length * CLUSTER
    const units = [...Array(node.name.length).keys()].map((index) => node.name.charCodeAt(index))
    const nameEntries = Math.ceil(units.length / 15)
    const set = new DataView(new ArrayBuffer((2 + nameEntries) * 32))
    set.setUint8(0, 0x85)
    set.setUint8(1, 1 + nameEntries)
    set.setUint16(4, node.children === undefined ? 0x20 : 0x10, true)
    // 2001-02-03 04:05:06 and a half, an hour east of UTC.
    const stamp = (21 << 25) | (2 << 21) | (3 << 16) | (4 << 11) | (5 << 5) | 3
    for (const at of [8, 12, 16]) set.setUint32(at, stamp, true)
    for (const at of [20, 21]) set.setUint8(at, 50)
    for (const at of [22, 23, 24]) set.setUint8(at, 0x80 | 4)
    set.setUint8(32, 0xc0)
    set.setUint8(33, length === 0 ? 1 : node.isFragmented === true ? 1 : 3)
    set.setUint8(35, units.length)
    set.setUint16(36, hashOf(node.name), true)
    set.setBigUint64(40, BigInt(node.validLength ?? length), true)
    set.setUint32(52, clusters[0] ?? 0, true)
    set.setBigUint64(56, BigInt(length), true)
    for (let entry = 0; entry < nameEntries; entry++) {
      set.setUint8((2 + entry) * 32, 0xc1)
      for (const [index, unit] of units.slice(entry * 15, entry * 15 + 15).entries())
        set.setUint16((2 + entry) * 32 + 2 + index * 2, unit, true)
    }
    node.lies?.(set)
    const bytes = new Uint8Array(set.buffer)
    let sum = 0
    for (const [index, byte] of bytes.entries())
      if (index !== 2 && index !== 3) sum = (((sum << 15) | (sum >> 1)) + byte) & 0xffff
    if (set.getUint16(2, true) === 0) set.setUint16(2, sum, true)
    return [bytes]
  }

  finish(bitmapCluster: number): void {
    for (const cluster of this.used) {
      const at = placeOf(bitmapCluster) + ((cluster - FIRST) >> 3)
      this.bytes[at] = (this.bytes[at] ?? 0) | (1 << ((cluster - FIRST) & 7))
    }
  }

  private directory(children: readonly ExfatNode[]): Uint8Array {
    const entries = join(children.flatMap((child) => this.entriesOf(child)))
    const whole = new Uint8Array(Math.max(1, Math.ceil((entries.byteLength + 32) / CLUSTER)) * CLUSTER)
    whole.set(entries)
    return whole
  }
}

function placeOf(cluster: number): number {
  return HEAP_SECTOR * SECTOR + (cluster - FIRST) * CLUSTER
}

function bootRegion(rootCluster: number): Uint8Array {
  const region = new DataView(new ArrayBuffer(12 * SECTOR))
  for (const [index, byte] of [0xeb, 0x76, 0x90, ...Buffer.from('EXFAT   ')].entries()) region.setUint8(index, byte)
  region.setBigUint64(72, BigInt(HEAP_SECTOR + (CLUSTERS * CLUSTER) / SECTOR), true)
  for (const [at, value] of [
    [80, FAT_SECTOR],
    [84, FAT_SECTORS],
    [88, HEAP_SECTOR],
    [92, CLUSTERS],
    [96, rootCluster],
    [100, 0x12345678],
  ] as const)
    region.setUint32(at, value, true)
  region.setUint16(104, 0x100, true)
  for (const [at, value] of [
    [108, 9],
    [109, 3],
    [110, 1],
    [111, 0x80],
    [112, 0xff],
  ] as const)
    region.setUint8(at, value)
  for (let sector = 0; sector < 9; sector++) region.setUint16(sector * SECTOR + 510, 0xaa55, true)
  let sum = 0
  for (let at = 0; at < 11 * SECTOR; at++)
    if (at !== 106 && at !== 107 && at !== 112) sum = ((((sum << 31) | (sum >>> 1)) >>> 0) + region.getUint8(at)) >>> 0
  for (let at = 11 * SECTOR; at < 12 * SECTOR; at += 4) region.setUint32(at, sum, true)
  return new Uint8Array(region.buffer)
}

function labelEntry(label: string): Uint8Array {
  const entry = new DataView(new ArrayBuffer(32))
  entry.setUint8(0, 0x83)
  entry.setUint8(1, label.length)
  for (let index = 0; index < label.length; index++) entry.setUint16(2 + index * 2, label.charCodeAt(index), true)
  return new Uint8Array(entry.buffer)
}

function systemEntry(type: number, cluster: number, byteLength: number, sum = 0): Uint8Array {
  const entry = new DataView(new ArrayBuffer(32))
  entry.setUint8(0, type)
  entry.setUint32(4, sum, true)
  entry.setUint32(20, cluster, true)
  entry.setBigUint64(24, BigInt(byteLength), true)
  return new Uint8Array(entry.buffer)
}

/** Letters of ASCII only; the rest is left as it is. */
function upcaseTable(): Uint8Array {
  const units = [0xffff, 0x61, ...Array.from({ length: 26 }, (_, index) => 0x41 + index), 0xffff, 0x10000 - 0x7b]
  const table = new DataView(new ArrayBuffer(units.length * 2))
  for (const [index, unit] of units.entries()) table.setUint16(index * 2, unit, true)
  return new Uint8Array(table.buffer)
}

function hashOf(name: string): number {
  let hash = 0
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index)
    const unit = code >= 0x61 && code <= 0x7a ? code - 32 : code
    for (const byte of [unit & 255, unit >> 8]) hash = (((hash << 15) | (hash >> 1)) + byte) & 0xffff
  }
  return hash
}

function sum32(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = ((((sum << 31) | (sum >>> 1)) >>> 0) + byte) >>> 0
  return sum
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
