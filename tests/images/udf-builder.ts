/** Builds small UDF images byte by byte, with every kind of partition and allocation that exists. */

export type PartitionKind = 'physical' | 'virtual-1.50' | 'virtual-2.00' | 'sparable' | 'metadata'
export type Allocation = 'short' | 'long' | 'extended' | 'embedded' | 'continued'

export interface UdfNode {
  name: string
  children?: UdfNode[]
  data?: Uint8Array
  /** Path components of a symbolic link: type and name (ECMA-167 4/14.16). */
  target?: [number, string][]
  allocation?: Allocation
  /** Blocks of a hole between the first block of data and the rest; 1 allocated, 2 unallocated. */
  hole?: { blocks: number; type: 1 | 2 }
  characteristics?: number
  extended?: boolean
  /** ICB strategy 4096: so many older versions in front of the right one. */
  rewrites?: number
  streams?: UdfNode[]
  /** Another name for the node given here. */
  linkTo?: UdfNode
  fileType?: number
  links?: number
}

export interface UdfOptions {
  blockSize?: number
  kind?: PartitionKind
  /** Destroys main structures, so that their copies must serve. */
  damage?: ('main-sequence' | 'first-anchor' | 'metadata-main' | 'metadata-entries')[]
  revision?: number
  /** Blocks of the partition, where they are more than the image has: those of a medium that is not full yet. */
  capacity?: number
  /** The sector of the disc that the image begins with: that of a later session that was kept alone. */
  firstSector?: number
}

export interface BuiltUdf {
  bytes: Uint8Array
  blockSize: number
  /** Byte offset of a node's file entry (of the first, where there are several versions). */
  entryOf: (node: UdfNode) => number
  partitionStart: number
}

const TOTAL = 1024
const PARTITION = 272
const METADATA_BLOCKS = 96

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65536) & 0xffff)]
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)
const ascii = (value: string, length = value.length): number[] =>
  Array.from({ length }, (_, index) => (index < value.length ? value.charCodeAt(index) : 0))
const regid = (identifier: string, suffix: number[] = []): number[] => [0, ...ascii(identifier, 23), ...suffix, ...zeros(8 - suffix.length)]
const dstring = (value: string, length: number): number[] => [...ascii(`\x08${value}`, length - 1), value.length + 1]
/** 17 May 2024, 12:30, two hours east of UTC. */
const TIMESTAMP = [...u16((1 << 12) | 120), ...u16(2024), 5, 17, 12, 30, 0, 0, 0, 0]

export function cs0(value: string): number[] {
  const units = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index))
  return units.every((unit) => unit < 256) ? [8, ...units] : [16, ...units.flatMap((unit) => [unit >> 8, unit & 255])]
}

function crc16(bytes: number[]): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}

/** ECMA-167 3/7.2. */
export function tagged(id: number, location: number, body: number[]): number[] {
  const head = [...u16(id), ...u16(3), 0, 0, ...u16(1), ...u16(crc16(body)), ...u16(body.length), ...u32(location)]
  head[4] = head.reduce((sum, byte) => sum + byte, 0) & 255
  return [...head, ...body]
}

class Medium {
  readonly bytes: Uint8Array
  private next = 0
  private readonly virtual: number[] = []
  private metadataNext = 0
  readonly spares = new Map<number, number>()

  constructor(
    readonly blockSize: number,
    readonly kind: PartitionKind,
    readonly firstSector: number,
  ) {
    this.bytes = new Uint8Array(TOTAL * blockSize)
  }

  get metadataPartition(): number {
    return this.kind.startsWith('virtual') || this.kind === 'metadata' ? 1 : 0
  }

  get table(): readonly number[] {
    return this.virtual
  }

  put(sector: number, content: ArrayLike<number>): void {
    this.bytes.set(content, sector * this.blockSize)
  }

  /** Blocks in a row of the physical partition. */
  allocate(count: number): number {
    const block = this.next
    this.next += count
    return block
  }

  writePhysical(block: number, content: ArrayLike<number>): void {
    for (let at = 0; at < content.length || at === 0; at += this.blockSize) {
      const part = Array.prototype.slice.call(content, at, at + this.blockSize) as number[]
      this.put(this.sectorOf(block + at / this.blockSize), part)
    }
  }

  /** Packets of 16 blocks; the second one of a sparable partition went bad. */
  sectorOf(block: number): number {
    const packet = block - (block % 16)
    if (this.kind !== 'sparable' || packet !== 16) return PARTITION + block
    this.spares.set(16, 900)
    return 900 + (block - packet)
  }

  /** A block for structures: its number in the metadata partition, and where it really is. */
  metadata(count = 1): { block: number; sectors: number[] } {
    if (this.kind === 'metadata') {
      const block = this.metadataNext
      this.metadataNext += count
      return { block, sectors: Array.from({ length: count }, (_, i) => PARTITION + metadataPlace(block + i, 0)) }
    }
    const physical = this.allocate(count)
    const sectors = Array.from({ length: count }, (_, i) => this.sectorOf(physical + i))
    if (!this.kind.startsWith('virtual')) return { block: physical, sectors }
    const block = this.virtual.length
    for (let i = 0; i < count; i++) this.virtual.push(physical + i)
    return { block, sectors }
  }
}

/** The metadata file lies in two extents, its mirror elsewhere. */
function metadataPlace(block: number, mirror: number): number {
  const half = METADATA_BLOCKS / 2
  return (block < half ? 300 + block : 400 + (block - half)) + mirror * 150
}

export function buildUdf(root: UdfNode[], options: UdfOptions = {}): BuiltUdf {
  const blockSize = options.blockSize ?? 2048
  const kind = options.kind ?? 'physical'
  const medium = new Medium(blockSize, kind, options.firstSector ?? 0)
  if (kind === 'sparable') medium.allocate(2)
  const entries = new Map<UdfNode, { block: number; sector: number }>()
  const writer = new TreeWriter(medium, entries)
  const fileSet = medium.metadata()
  const rootNode: UdfNode = { name: '', children: root }
  const rootBlock = writer.write(rootNode, null)
  medium.put(fileSet.sectors[0] ?? 0, fileSetDescriptor(medium, fileSet.block, rootBlock))
  writeVolume(medium, fileSet.block, options)
  return {
    bytes: medium.bytes,
    blockSize,
    partitionStart: PARTITION * blockSize,
    entryOf: (node) => (entries.get(node)?.sector ?? 0) * blockSize,
  }
}

class TreeWriter {
  constructor(
    private readonly medium: Medium,
    private readonly entries: Map<UdfNode, { block: number; sector: number }>,
  ) {}

  /** Answers the block of the node's ICB. */
  write(node: UdfNode, parent: number | null): number {
    const { medium } = this
    const versions = (node.rewrites ?? 0) + 1
    const icb = medium.metadata(node.rewrites === undefined ? 1 : 2)
    this.entries.set(node, { block: icb.block, sector: icb.sectors[0] ?? 0 })
    let content: Uint8Array
    if (node.children !== undefined) content = this.identifiers(node.children, icb.block, parent ?? icb.block)
    else if (node.target !== undefined) content = Uint8Array.from(node.target.flatMap(([type, name]) => component(type, name)))
    else content = node.data ?? new Uint8Array(0)
    const streams = node.streams === undefined ? 0 : this.write({ name: '', children: node.streams, fileType: 13 }, icb.block)
    let place = icb
    for (let version = 1; version <= versions; version++) {
      const isLast = version === versions
      const data = isLast ? content : new TextEncoder().encode('an older version')
      medium.put(place.sectors[0] ?? 0, this.fileEntry(node, data, place.block, streams))
      if (isLast) break
      const next = medium.metadata(2)
      const pointer = [...icbTag(4096, 3, 0), ...longAllocation(medium.blockSize * 2, next.block, medium.metadataPartition)]
      medium.put(place.sectors[1] ?? 0, tagged(259, place.block + 1, pointer))
      place = next
    }
    return icb.block
  }

  private identifiers(children: UdfNode[], own: number, parent: number): Uint8Array {
    const { medium } = this
    const parts: number[][] = [identifier(own, medium.metadataPartition, parent, 8 | 2, [])]
    for (const child of children) {
      const block = child.linkTo === undefined ? this.write(child, own) : (this.entries.get(child.linkTo)?.block ?? 0)
      const characteristics = child.characteristics ?? (child.children === undefined ? 0 : 2)
      parts.push(identifier(own, medium.metadataPartition, block, characteristics, cs0(child.name)))
    }
    return Uint8Array.from(parts.flat())
  }

  private fileEntry(node: UdfNode, content: Uint8Array, block: number, streams: number): number[] {
    const isDirectory = node.children !== undefined
    const allocation = node.allocation ?? (node.target !== undefined ? 'embedded' : isDirectory || this.medium.metadataPartition > 0 ? 'long' : 'short')
    const { bytes: descriptors, length } = this.allocate(node, content, allocation, isDirectory)
    const fileType = node.fileType ?? (isDirectory ? 4 : node.target !== undefined ? 12 : 5)
    const kind = { short: 0, long: 1, continued: 1, extended: 2, embedded: 3 }[allocation]
    const isExtended = node.extended === true || node.streams !== undefined
    const strategy = node.rewrites === undefined ? 4 : 4096
    const links = node.links ?? 1
    const permissions = (7 << 10) | (5 << 5) | 5
    const head = [...icbTag(strategy, fileType, kind), ...u32(1000), ...u32(100), ...u32(permissions), ...u16(links), 0, 0, ...u32(0), ...u64(length)]
    const blocks = Math.ceil(length / this.medium.blockSize)
    const tail = [...u32(0), ...u32(descriptors.length), ...descriptors]
    const noAllocation = zeros(16)
    const streamAllocation = streams === 0 ? noAllocation : longAllocation(this.medium.blockSize, streams, this.medium.metadataPartition)
    const body = isExtended
      ? [...head, ...u64(length), ...u64(blocks), ...TIMESTAMP, ...TIMESTAMP, ...TIMESTAMP, ...TIMESTAMP, ...u32(1), ...u32(0), ...noAllocation, ...streamAllocation, ...regid('*Test'), ...u64(block), ...tail]
      : [...head, ...u64(blocks), ...TIMESTAMP, ...TIMESTAMP, ...TIMESTAMP, ...u32(1), ...noAllocation, ...regid('*Test'), ...u64(block), ...tail]
    return tagged(isExtended ? 266 : 261, block, body)
  }

  private allocate(
    node: UdfNode,
    content: Uint8Array,
    allocation: Allocation,
    isDirectory: boolean,
  ): { bytes: number[]; length: number } {
    const { medium } = this
    const { blockSize } = medium
    if (allocation === 'embedded') return { bytes: [...content], length: content.byteLength }
    if (content.byteLength === 0) return { bytes: [], length: 0 }
    const extents: { length: number; block: number; type: number }[] = []
    let length = 0
    const partition = isDirectory ? medium.metadataPartition : 0
    const isPhysical = partition === 0
    // The first block apart from the rest, so that there is more than one extent to follow.
    const cuts = content.byteLength > blockSize ? [content.subarray(0, blockSize), content.subarray(blockSize)] : [content]
    for (const [index, part] of cuts.entries()) {
      if (index === 1 && node.hole !== undefined) {
        extents.push({ length: node.hole.blocks * blockSize, block: 0, type: node.hole.type })
        length += node.hole.blocks * blockSize
      }
      const count = Math.ceil(part.byteLength / blockSize)
      if (isPhysical) {
        // A block lost between extents keeps them from being one.
        medium.allocate(1)
        const block = medium.allocate(count)
        medium.writePhysical(block, part)
        extents.push({ length: part.byteLength, block, type: 0 })
      } else {
        const { block, sectors } = medium.metadata(count)
        for (const [i, sector] of sectors.entries()) medium.put(sector, part.subarray(i * blockSize, (i + 1) * blockSize))
        extents.push({ length: part.byteLength, block, type: 0 })
      }
      length += part.byteLength
    }
    const encode = (extent: (typeof extents)[number]): number[] => {
      const word = u32(extent.length + extent.type * 2 ** 30)
      if (allocation === 'short') return [...word, ...u32(extent.block)]
      if (allocation === 'extended') {
        return [...word, ...u32(extent.length), ...u32(extent.length), ...u32(extent.block), ...u16(partition), 0, 0]
      }
      return [...word, ...u32(extent.block), ...u16(partition), ...zeros(6)]
    }
    if (allocation !== 'continued') return { bytes: extents.flatMap(encode), length }
    // The first extent in the entry, the rest in a chain of continuation extents of one descriptor each.
    const [first, ...rest] = extents
    let next: number[] = []
    for (const extent of rest.toReversed()) {
      const place = medium.metadata()
      const body = [...u32(0), ...u32(16 + next.length), ...encode(extent), ...next]
      medium.put(place.sectors[0] ?? 0, tagged(258, place.block, body))
      next = [...u32(blockSize + 3 * 2 ** 30), ...u32(place.block), ...u16(medium.metadataPartition), ...zeros(6)]
    }
    return { bytes: [...(first === undefined ? [] : encode(first)), ...next], length }
  }
}

function icbTag(strategy: number, fileType: number, allocationKind: number): number[] {
  return [...u32(0), ...u16(strategy), 0, 0, ...u16(1), 0, fileType, ...zeros(6), ...u16(allocationKind)]
}

function longAllocation(length: number, block: number, partition: number): number[] {
  return [...u32(length), ...u32(block), ...u16(partition), ...zeros(6)]
}

function identifier(location: number, partition: number, block: number, characteristics: number, name: number[]): number[] {
  const body = [...u16(1), characteristics, name.length, ...longAllocation(2048, block, partition), ...u16(0), ...name]
  while ((body.length + 16) % 4 !== 0) body.push(0)
  return tagged(257, location, body)
}

function component(type: number, name: string): number[] {
  const encoded = type === 5 ? cs0(name) : []
  return [type, encoded.length, 0, 0, ...encoded]
}

function fileSetDescriptor(medium: Medium, block: number, root: number): number[] {
  const body = [
    ...TIMESTAMP,
    ...u16(3),
    ...u16(3),
    ...u32(1),
    ...u32(1),
    ...u32(0),
    ...u32(0),
    ...zeros(64),
    ...dstring('TEST', 128),
    ...zeros(64),
    ...dstring('TEST', 32),
    ...dstring('', 32),
    ...dstring('', 32),
    ...longAllocation(2048, root, medium.metadataPartition),
    ...regid('*OSTA UDF Compliant'),
    ...zeros(16),
    ...zeros(16),
    ...zeros(32),
  ]
  return tagged(256, block, body)
}

function writeVolume(medium: Medium, fileSet: number, options: UdfOptions): void {
  const { blockSize, kind } = medium
  const damage = options.damage ?? []
  const first = options.firstSector ?? 0
  for (const [index, id] of ['BEA01', 'NSR03', 'TEA01'].entries()) {
    medium.bytes.set([0, ...ascii(id), 1], 32768 + index * Math.max(2048, blockSize))
  }
  const maps = partitionMaps(medium)
  const sequence = (location: number): number[][] => [
    tagged(1, location, [...u32(1), ...u32(0), ...dstring('TEST', 32), ...zeros(440)]),
    tagged(6, location + 1, [
      ...u32(2),
      ...zeros(64),
      ...dstring('UDF TEST', 128),
      ...u32(blockSize),
      ...regid('*OSTA UDF Compliant', u16(options.revision ?? 0x0201)),
      ...longAllocation(blockSize, fileSet, medium.metadataPartition),
      ...u32(maps.bytes.length),
      ...u32(maps.count),
      ...regid('*Test'),
      ...zeros(128),
      ...u32(0),
      ...u32(0),
      ...maps.bytes,
    ]),
    tagged(5, location + 2, [...u32(3), ...u16(1), ...u16(0), ...regid('+NSR03'), ...zeros(128), ...u32(1), ...u32(first + PARTITION), ...u32(options.capacity ?? TOTAL - PARTITION - 1), ...zeros(32)]),
    tagged(8, location + 3, zeros(496)),
  ]
  for (const start of [32 * Math.max(1, 2048 / blockSize), 96 * Math.max(1, 2048 / blockSize)]) {
    const isMain = start === 32 * Math.max(1, 2048 / blockSize)
    if (isMain && damage.includes('main-sequence')) continue
    for (const [index, descriptor] of sequence(first + start).entries()) medium.put(start + index, descriptor)
  }
  const factor = Math.max(1, 2048 / blockSize)
  const anchor = (location: number): number[] =>
    tagged(2, first + location, [...u32(16 * blockSize), ...u32(first + 32 * factor), ...u32(16 * blockSize), ...u32(first + 96 * factor), ...zeros(480)])
  if (!damage.includes('first-anchor')) medium.put(256, anchor(256))
  if (!kind.startsWith('virtual')) medium.put(TOTAL - 1, anchor(TOTAL - 1))
  if (kind === 'sparable') {
    const rows = [...medium.spares].flatMap(([packet, sector]) => [...u32(packet), ...u32(first + sector)])
    const table = tagged(0, first + 880, [...regid('*UDF Sparing Table'), ...u16(rows.length / 8), 0, 0, ...u32(1), ...rows])
    medium.put(880, table)
  }
  if (kind === 'metadata') writeMetadataFiles(medium, damage)
  if (kind.startsWith('virtual')) writeVirtualTable(medium)
}

function partitionMaps(medium: Medium): { bytes: number[]; count: number } {
  const first = [1, 6, ...u16(1), ...u16(0)]
  const second = (name: string, rest: number[]): number[] => {
    const head = [2, 64, 0, 0, ...regid(name), ...u16(1), ...u16(0), ...rest]
    return [...head, ...zeros(64 - head.length)]
  }
  switch (medium.kind) {
    case 'physical':
      return { bytes: first, count: 1 }
    case 'sparable':
      return { bytes: second('*UDF Sparable Partition', [...u16(16), 1, 0, ...u32(2048), ...u32(880 + medium.firstSector)]), count: 1 }
    case 'metadata':
      return { bytes: [...first, ...second('*UDF Metadata Partition', [...u32(250), ...u32(251), ...u32(0xffffffff), ...u32(32), ...u16(1), 1])], count: 2 }
    default:
      return { bytes: [...first, ...second('*UDF Virtual Partition', [])], count: 2 }
  }
}

function writeMetadataFiles(medium: Medium, damage: string[]): void {
  const { blockSize } = medium
  const half = METADATA_BLOCKS / 2
  for (const mirror of [0, 1]) {
    const descriptors = [metadataPlace(0, mirror), metadataPlace(half, mirror)].flatMap((block) => [...u32(half * blockSize), ...u32(block)])
    const body = [...icbTag(4, 250 + mirror, 0), ...u32(0), ...u32(0), ...u32(0), ...u16(1), 0, 0, ...u32(0), ...u64(METADATA_BLOCKS * blockSize), ...u64(METADATA_BLOCKS), ...TIMESTAMP, ...TIMESTAMP, ...TIMESTAMP, ...u32(1), ...zeros(16), ...regid('*Test'), ...u64(0), ...u32(0), ...u32(descriptors.length), ...descriptors]
    if (mirror === 1) {
      for (let block = 0; block < METADATA_BLOCKS; block++) {
        const from = (PARTITION + metadataPlace(block, 0)) * blockSize
        medium.put(PARTITION + metadataPlace(block, 1), medium.bytes.slice(from, from + blockSize))
      }
    }
    if (mirror === 0 && damage.includes('metadata-main')) continue
    medium.put(PARTITION + 250 + mirror, tagged(261, 250 + mirror, body))
  }
  if (damage.includes('metadata-entries')) {
    for (let block = 2; block < METADATA_BLOCKS; block++) medium.put(PARTITION + metadataPlace(block, 0), new Uint8Array(blockSize))
  }
}

function writeVirtualTable(medium: Medium): void {
  medium.put(TOTAL - 1, virtualTable(medium.kind, medium.table, TOTAL - 1 - PARTITION))
}

/** The entry of a virtual allocation table, embedded, for a block of the partition (UDF 2.2.11). */
export function virtualTable(kind: PartitionKind, table: readonly number[], block: number, previous = 0xffffffff): number[] {
  const isOld = kind === 'virtual-1.50'
  const entries = table.flatMap((place) => u32(place))
  const content = isOld
    ? [...entries, ...regid('*UDF Virtual Alloc Tbl'), ...u32(previous)]
    : [...u16(152), ...u16(0), ...dstring('UDF TEST', 128), ...u32(previous), ...u32(1), ...u32(1), ...zeros(8), ...entries]
  const body = [...icbTag(4, isOld ? 0 : 248, 3), ...u32(0), ...u32(0), ...u32(0), ...u16(1), 0, 0, ...u32(0), ...u64(content.length), ...u64(0), ...TIMESTAMP, ...TIMESTAMP, ...TIMESTAMP, ...u32(1), ...zeros(16), ...regid('*Test'), ...u64(0), ...u32(0), ...u32(content.length), ...content]
  return tagged(261, block, body)
}
