/** What lies in a folder of a volume. */
export interface ApfsNode {
  name: string
  data?: Uint8Array
  /** Pieces of the content: bytes, or the length of a hole. */
  pieces?: (Uint8Array | number)[]
  children?: ApfsNode[]
  target?: string
  /** Attributes of the file, kept beside it. */
  attributes?: Record<string, Uint8Array>
  isCompressed?: boolean
  mode?: number
}

export interface ApfsOptions {
  name?: string
  isEncrypted?: boolean
  /** Names are recorded with a hash, as on most Macs. */
  isHashed?: boolean
}

const BLOCK = 4096
const MODULUS = 0xffffffffn

/** An object's sum, by the reference's formula. */
function seal(block: Buffer): Buffer {
  let low = 0n
  let high = 0n
  for (let at = 8; at < BLOCK; at += 4) {
    low = (low + BigInt(block.readUInt32LE(at))) % MODULUS
    high = (high + low) % MODULUS
  }
  const first = MODULUS - ((low + high) % MODULUS)
  const second = MODULUS - ((low + first) % MODULUS)
  block.writeBigUInt64LE((second << 32n) | first, 0)
  return block
}

function object(oid: number, xid: number, type: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.writeBigUInt64LE(BigInt(oid), 8)
  block.writeBigUInt64LE(BigInt(xid), 16)
  block.writeUInt32LE(type, 24)
  return block
}

type TreeRecord = [key: Buffer, value: Buffer]

/** A node of a tree; entries of fixed length have no lengths. */
function node(oid: number, xid: number, records: readonly TreeRecord[], level: number, isRoot: boolean, isFixed: boolean): Buffer {
  const block = object(oid, xid, isRoot ? 2 : 3)
  block.writeUInt16LE((isRoot ? 1 : 0) | (level === 0 ? 2 : 0) | (isFixed ? 4 : 0), 32)
  block.writeUInt16LE(level, 34)
  block.writeUInt32LE(records.length, 36)
  const entryLength = isFixed ? 4 : 8
  const tableLength = records.length * entryLength
  block.writeUInt16LE(tableLength, 42)
  const keys = 56 + tableLength
  const end = BLOCK - (isRoot ? 40 : 0)
  let keyAt = 0
  let valueAt = 0
  for (const [index, [key, value]] of records.entries()) {
    valueAt += value.byteLength
    block.set(key, keys + keyAt)
    block.set(value, end - valueAt)
    const at = 56 + index * entryLength
    block.writeUInt16LE(keyAt, at)
    if (isFixed) block.writeUInt16LE(valueAt, at + 2)
    else {
      block.writeUInt16LE(key.byteLength, at + 2)
      block.writeUInt16LE(valueAt, at + 4)
      block.writeUInt16LE(value.byteLength, at + 6)
    }
    keyAt += key.byteLength
  }
  if (keys + keyAt > end - valueAt) throw new Error('a node of the builder is too full')
  return seal(block)
}

const u64 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8)
  return bytes
}
const keyOf = (id: number, type: number, rest: Uint8Array = Buffer.alloc(0)): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(id) | (BigInt(type) << 60n))
  return Buffer.concat([bytes, rest])
}
const name16 = (name: string): Buffer => {
  const text = Buffer.from(`${name}\0`)
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.byteLength)
  return Buffer.concat([length, text])
}

const TIME = BigInt(Date.UTC(2020, 1, 3, 4, 5, 6)) * 1_000_000n

function inodeOf(item: ApfsNode, id: number, length: number): Buffer {
  const value = Buffer.alloc(92 + 8 + 40)
  value.writeBigUInt64LE(BigInt(id), 8)
  value.writeBigUInt64LE(TIME, 24)
  // `INODE_HAS_RSRC_FORK`.
  value.writeUInt32LE(item.attributes?.['com.apple.ResourceFork'] === undefined ? 0 : 0x4000, 48)
  value.writeInt32LE(1, 56)
  value.writeUInt32LE(item.isCompressed === true ? 0x20 : 0, 68)
  value.writeUInt32LE(501, 72)
  value.writeUInt32LE(20, 76)
  const type = item.children === undefined ? (item.target === undefined ? 0o100000 : 0o120000) : 0o040000
  value.writeUInt16LE(type | (item.mode ?? 0o644), 80)
  // One field: the content's length.
  value.writeUInt16LE(1, 92)
  value.writeUInt16LE(40, 94)
  value[96] = 8
  value.writeUInt16LE(40, 98)
  value.writeBigUInt64LE(BigInt(length), 100)
  return value
}

/**
 * A container with one volume, whose tree has two levels. Its blocks: a stale superblock, two checkpoints (the older one
 * last), an object map with its tree, the volume, its object map with its tree, and the tree of files from block 9 on.
 */
export function buildApfs(nodes: readonly ApfsNode[], options: ApfsOptions = {}): Buffer {
  const { name = 'Volume', isEncrypted = false, isHashed = true } = options
  const records: TreeRecord[] = []
  const data: Buffer[] = []
  let dataBlocks = 0
  let nextId = 16
  const contents: { id: number; start: number; length: number; block: number }[] = []
  const write = (bytes: Uint8Array): number => {
    const padded = Buffer.alloc(Math.ceil(bytes.byteLength / BLOCK) * BLOCK)
    padded.set(bytes)
    data.push(padded)
    dataBlocks += padded.byteLength / BLOCK
    return dataBlocks - padded.byteLength / BLOCK
  }
  const add = (item: ApfsNode, id: number): void => {
    const pieces = item.pieces ?? (item.data === undefined ? [] : [item.data])
    let length = 0
    for (const piece of pieces) {
      const size = typeof piece === 'number' ? piece : piece.byteLength
      if (typeof piece !== 'number' && size > 0) contents.push({ id, start: length, length: size, block: write(piece) })
      length += size
    }
    records.push([keyOf(id, 3), inodeOf(item, id, length)])
    const attributes = { ...item.attributes }
    if (item.target !== undefined) attributes['com.apple.fs.symlink'] = Buffer.from(`${item.target}\0`)
    for (const [key, bytes] of Object.entries(attributes)) {
      const head = Buffer.alloc(4)
      head.writeUInt16LE(2, 0)
      head.writeUInt16LE(bytes.byteLength, 2)
      records.push([keyOf(id, 4, name16(key)), Buffer.concat([head, bytes])])
    }
    for (const child of item.children ?? []) {
      const childId = nextId++
      const text = Buffer.from(`${child.name}\0`)
      const hashed = Buffer.alloc(4)
      hashed.writeUInt32LE(text.byteLength | (childId << 10))
      const rest = isHashed ? Buffer.concat([hashed, text]) : name16(child.name)
      records.push([keyOf(id, 9, rest), Buffer.concat([u64(childId, 0), Buffer.from([8, 0])])])
      add(child, childId)
    }
  }
  add({ name: '', children: [...nodes], mode: 0o755 }, 2)
  const PER_LEAF = 12
  const leafCount = Math.ceil((records.length + contents.length) / PER_LEAF)
  const firstData = 9 + leafCount
  for (const { id, start, length, block } of contents)
    records.push([
      keyOf(id, 8, u64(start)),
      u64(Math.ceil(length / BLOCK) * BLOCK, firstData + block, 0),
    ])
  const order = ([key]: TreeRecord): bigint => {
    const raw = key.readBigUInt64LE(0)
    return ((raw & ((1n << 60n) - 1n)) << 4n) | (raw >> 60n)
  }
  const sorted = records
    .map((record, index) => ({ record, index }))
    .sort((a, b) => (order(a.record) < order(b.record) ? -1 : order(a.record) > order(b.record) ? 1 : a.index - b.index))
    .map(({ record }) => record)
  const leaves = Array.from({ length: leafCount }, (_, index) => sorted.slice(index * PER_LEAF, (index + 1) * PER_LEAF))
  const LEAF_ID = 2000
  const rootRecords = leaves.map((leaf, index): TreeRecord => [leaf[0]![0], u64(LEAF_ID + index)])
  const entry = (oid: number, xid: number, block: number): TreeRecord => {
    const value = Buffer.alloc(16)
    value.writeUInt32LE(BLOCK, 4)
    value.writeBigUInt64LE(BigInt(block), 8)
    return [u64(oid, xid), value]
  }
  const mapOf = (tree: number): Buffer => {
    const block = object(tree - 1, 2, 0x4000000b)
    block.writeBigUInt64LE(BigInt(tree), 48)
    return seal(block)
  }
  const superblock = (xid: number, mapBlock: number): Buffer => {
    const block = object(1, xid, 0x80000001)
    block.write('NXSB', 32)
    block.writeUInt32LE(BLOCK, 36)
    block.writeBigUInt64LE(BigInt(firstData + dataBlocks), 40)
    block.writeUInt32LE(2, 104)
    block.writeBigUInt64LE(1n, 112)
    block.writeBigUInt64LE(BigInt(mapBlock), 160)
    block.writeUInt32LE(1, 180)
    block.writeBigUInt64LE(1026n, 184)
    return seal(block)
  }
  const volume = object(1026, 2, 0x0000000d)
  volume.write('APSB', 32)
  volume.writeBigUInt64LE(isHashed ? 1n : 0n, 56)
  volume.writeUInt32LE(2, 116)
  volume.writeBigUInt64LE(6n, 128)
  volume.writeBigUInt64LE(1028n, 136)
  volume.writeBigUInt64LE(isEncrypted ? 0n : 1n, 264)
  volume.write(`${name}\0`, 704)
  const volumeMap = [entry(1028, 2, 8), ...leaves.map((_, index) => entry(LEAF_ID + index, 2, 9 + index))]
  return Buffer.concat([
    superblock(1, 0),
    superblock(2, 3),
    superblock(1, 0),
    mapOf(4),
    // What an earlier and a later transaction had there is not this checkpoint's.
    node(4, 2, [entry(1026, 1, 0), entry(1026, 2, 5), entry(1026, 3, 0)], 0, true, true),
    seal(volume),
    mapOf(7),
    node(7, 2, volumeMap, 0, true, true),
    node(1028, 2, rootRecords, 1, true, false),
    ...leaves.map((leaf, index) => node(LEAF_ID + index, 2, leaf, 0, false, false)),
    ...data,
  ])
}
