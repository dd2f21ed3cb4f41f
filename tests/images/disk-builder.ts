import zlib from 'node:zlib'

/** Virtual disks in as few words as each format allows; they share nothing with the readers. */

const MIB = 1 << 20

function blocksOf(disk: Uint8Array, length: number): Buffer[] {
  const blocks: Buffer[] = []
  for (let at = 0; at < disk.byteLength; at += length) {
    const block = Buffer.alloc(length)
    block.set(disk.subarray(at, at + length))
    blocks.push(block)
  }
  return blocks
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

export interface Qcow2Options {
  clusterBits?: number
  /** Deflate, or zstd, for every cluster that is not zeros. */
  packed?: 'deflate' | 'zstd'
  baseName?: string
  baseFormat?: string
  dataName?: string
  features?: number
  encryption?: number
  /** Clusters that are left to the base. */
  isLeftOut?: (cluster: number) => boolean
  byteLength?: number
}

/** A qcow2 image of version 3; clusters of zeros are marked as such. */
export function buildQcow2(disk: Uint8Array, options: Qcow2Options = {}): Buffer {
  const { clusterBits = 12, packed, baseName = '', baseFormat, dataName, encryption = 0 } = options
  const length = 1 << clusterBits
  const blocks = blocksOf(disk, length)
  const perTable = length / 8
  const tables = Math.ceil(blocks.length / perTable)
  const header = Buffer.alloc(length)
  header.write('QFI\xfb', 'latin1')
  header.writeUInt32BE(3, 4)
  header.writeUInt32BE(clusterBits, 20)
  header.writeBigUInt64BE(BigInt(options.byteLength ?? disk.byteLength), 24)
  header.writeUInt32BE(encryption, 32)
  header.writeUInt32BE(tables, 36)
  header.writeBigUInt64BE(BigInt(length), 40)
  const features = (options.features ?? 0) | (packed === 'zstd' ? 8 : 0) | (dataName === undefined ? 0 : 4)
  header.writeUInt32BE(features, 76)
  header.writeUInt32BE(4, 96)
  header.writeUInt32BE(112, 100)
  header[104] = packed === 'zstd' ? 1 : 0
  let at = 112
  const extension = (type: number, text: string): void => {
    header.writeUInt32BE(type, at)
    header.writeUInt32BE(text.length, at + 4)
    header.write(text, at + 8)
    at += 8 + Math.ceil(text.length / 8) * 8
  }
  if (baseFormat !== undefined) extension(0xe2792aca, baseFormat)
  if (dataName !== undefined) extension(0x44415441, dataName)
  at += 8
  if (baseName !== '') {
    header.writeBigUInt64BE(BigInt(at), 8)
    header.writeUInt32BE(baseName.length, 16)
    header.write(baseName, at)
  }
  const first = Buffer.alloc(Math.ceil((tables * 8) / length) * length)
  const second = Buffer.alloc(tables * length)
  const tableStart = length + first.byteLength
  for (let table = 0; table < tables; table++)
    first.writeBigUInt64BE(BigInt(tableStart + table * length) | (1n << 63n), table * 8)
  const parts: Buffer[] = []
  let place = tableStart + second.byteLength
  for (const [index, block] of blocks.entries()) {
    if (options.isLeftOut?.(index) === true) continue
    const write = (entry: bigint): void => void second.writeBigUInt64BE(entry, index * 8)
    if (isZero(block)) write(1n)
    else if (dataName !== undefined) write(BigInt(index * length) | (1n << 63n))
    else if (packed === undefined) {
      const aligned = Math.ceil(place / length) * length
      parts.push(Buffer.alloc(aligned - place), block)
      write(BigInt(aligned) | (1n << 63n))
      place = aligned + length
    } else {
      const small = packed === 'zstd' ? zlib.zstdCompressSync(block) : zlib.deflateRawSync(block, { windowBits: 12 })
      const sectors = Math.ceil(((place % 512) + small.byteLength) / 512) - 1
      write((1n << 62n) | (BigInt(sectors) << BigInt(62 - (clusterBits - 8))) | BigInt(place))
      parts.push(small)
      place += small.byteLength
    }
  }
  return Buffer.concat([header, first, second, ...parts, Buffer.alloc(512)])
}

export interface VhdOptions {
  blockLength?: number
  /** Of this disk, and of the one that it is based on: 16 bytes each, made of one. */
  id?: number
  baseId?: number
  /** A differencing disk. */
  baseName?: string
  /** Sectors that a differencing disk has itself; others are the base's. */
  hasSector?: (sector: number) => boolean
}

function vhdFooter(byteLength: number, type: number, id: number): Buffer {
  const footer = Buffer.alloc(512)
  footer.write('conectix')
  footer.writeUInt32BE(2, 8)
  footer.writeUInt32BE(0x10000, 12)
  footer.writeBigUInt64BE(type === 2 ? 0xffffffffffffffffn : 512n, 16)
  footer.writeBigUInt64BE(BigInt(byteLength), 40)
  footer.writeBigUInt64BE(BigInt(byteLength), 48)
  footer.writeUInt32BE(type, 60)
  footer.fill(id, 68, 84)
  footer.writeUInt32BE(~footer.reduce((sum, byte) => sum + byte, 0) >>> 0, 64)
  return footer
}

export function buildFixedVhd(disk: Uint8Array): Buffer {
  return Buffer.concat([disk, vhdFooter(disk.byteLength, 2, 7)])
}

/** A dynamic disk, or a differencing one. */
export function buildVhd(disk: Uint8Array, options: VhdOptions = {}): Buffer {
  const { blockLength = 16_384, id = 7, baseId = 0, baseName, hasSector } = options
  const blocks = blocksOf(disk, blockLength)
  const footer = vhdFooter(disk.byteLength, baseName === undefined ? 3 : 4, id)
  const header = Buffer.alloc(1024)
  header.write('cxsparse')
  header.writeBigUInt64BE(0xffffffffffffffffn, 8)
  header.writeBigUInt64BE(1536n, 16)
  header.writeUInt32BE(blocks.length, 28)
  header.writeUInt32BE(blockLength, 32)
  header.fill(baseId, 40, 56)
  header.set(Buffer.from(baseName ?? '', 'utf16le').swap16(), 64)
  const table = Buffer.alloc(Math.ceil((blocks.length * 4) / 512) * 512, 0xff)
  const bitmapLength = Math.ceil(blockLength / 4096 / 512) * 512
  const parts: Buffer[] = []
  let place = 1536 + table.byteLength
  for (const [index, block] of blocks.entries()) {
    const bitmap = Buffer.alloc(bitmapLength)
    for (let sector = 0; sector < blockLength / 512; sector++) {
      const isHere = hasSector?.(index * (blockLength / 512) + sector) ?? true
      if (isHere) bitmap[sector >> 3]! |= 0x80 >> (sector & 7)
      else block.fill(0xee, sector * 512, (sector + 1) * 512)
    }
    if (baseName === undefined ? isZero(block) : isZero(bitmap)) continue
    table.writeUInt32BE(place / 512, index * 4)
    parts.push(bitmap, block)
    place += bitmapLength + blockLength
  }
  return Buffer.concat([footer, header, table, ...parts, footer])
}

export interface VmdkOptions {
  isStream?: boolean
  /** Lines of the descriptor in place of those of a disk of its own. */
  descriptor?: string
  capacity?: number
}

const GRAIN = 4096

export function vmdkDescriptor(extents: string, cid = '12345678', base = 'ffffffff', hint = ''): string {
  const parent = hint === '' ? '' : `parentFileNameHint="${hint}"\n`
  return `# Disk DescriptorFile\nversion=1\nCID=${cid}\nparentCID=${base}\ncreateType="x"\n${parent}\n# Extent description\n${extents}\n`
}

/** A sparse extent, or a stream, with a descriptor in it. */
export function buildVmdk(disk: Uint8Array, options: VmdkOptions = {}): Buffer {
  const { isStream = false } = options
  const grains = blocksOf(disk, GRAIN)
  const sectors = disk.byteLength / 512
  const tables = Math.ceil(grains.length / 512)
  const text = options.descriptor ?? vmdkDescriptor(`RW ${sectors} SPARSE "disk.vmdk"`)
  const descriptor = Buffer.alloc(1024)
  descriptor.write(text)
  const directory = Buffer.alloc(512)
  const entries = Buffer.alloc(tables * 2048)
  const parts: Buffer[] = []
  let place = isStream ? 1536 : 1536 + 512 + entries.byteLength
  for (const [index, grain] of grains.entries()) {
    if (isZero(grain)) continue
    entries.writeUInt32LE(place / 512, index * 4)
    if (!isStream) parts.push(grain)
    else {
      const small = zlib.deflateSync(grain)
      const marked = Buffer.alloc(Math.ceil((12 + small.byteLength) / 512) * 512)
      marked.writeBigUInt64LE(BigInt(index * 8), 0)
      marked.writeUInt32LE(small.byteLength, 8)
      marked.set(small, 12)
      parts.push(marked)
    }
    place += parts.at(-1)!.byteLength
  }
  const directoryOffset = isStream ? place + entries.byteLength : 1536
  const tablesOffset = isStream ? place : 2048
  for (let table = 0; table < tables; table++)
    directory.writeUInt32LE((tablesOffset + table * 2048) / 512, table * 4)
  const header = Buffer.alloc(512)
  header.write('KDMV')
  header.writeUInt32LE(isStream ? 3 : 1, 4)
  header.writeUInt32LE(isStream ? 0x30001 : 1, 8)
  header.writeBigUInt64LE(BigInt(options.capacity ?? sectors), 12)
  header.writeBigUInt64LE(BigInt(GRAIN / 512), 20)
  header.writeBigUInt64LE(1n, 28)
  header.writeBigUInt64LE(2n, 36)
  header.writeUInt32LE(512, 44)
  header.writeBigUInt64LE(isStream ? 0xffffffffffffffffn : BigInt(directoryOffset / 512), 56)
  if (!isStream) return Buffer.concat([header, descriptor, directory, entries, ...parts])
  const footer = Buffer.from(header)
  footer.writeBigUInt64LE(BigInt(directoryOffset / 512), 56)
  return Buffer.concat([header, descriptor, ...parts, entries, directory, Buffer.alloc(512), footer, Buffer.alloc(512)])
}

export interface VdiOptions {
  identity?: number
  baseIdentity?: number
  isLeftOut?: (block: number) => boolean
}

export function buildVdi(disk: Uint8Array, { identity = 1, baseIdentity = 0, isLeftOut }: VdiOptions = {}): Buffer {
  const blockLength = 8192
  const blocks = blocksOf(disk, blockLength)
  const header = Buffer.alloc(512)
  header.write('<<< Oracle VM VirtualBox Disk Image >>>\n')
  header.writeUInt32LE(0xbeda107f, 64)
  header.writeUInt32LE(0x10001, 68)
  header.writeUInt32LE(400, 72)
  header.writeUInt32LE(baseIdentity === 0 ? 1 : 4, 76)
  const table = Buffer.alloc(Math.ceil((blocks.length * 4) / 512) * 512, 0xff)
  header.writeUInt32LE(512, 340)
  header.writeUInt32LE(512 + table.byteLength, 344)
  header.writeBigUInt64LE(BigInt(disk.byteLength), 368)
  header.writeUInt32LE(blockLength, 376)
  header.writeUInt32LE(blocks.length, 384)
  header.fill(identity, 392, 408)
  header.fill(baseIdentity, 424, 440)
  const parts: Buffer[] = []
  for (const [index, block] of blocks.entries()) {
    if (isLeftOut?.(index) === true) continue
    if (isZero(block)) table.writeUInt32LE(0xfffffffe, index * 4)
    else table.writeUInt32LE(parts.push(block) - 1, index * 4)
  }
  header.writeUInt32LE(parts.length, 388)
  return Buffer.concat([header, table, ...parts])
}

export interface VhdxOptions {
  /** Pairs of a place in the file and 4096 bytes that the log has still to write there. */
  log?: readonly (readonly [place: number, page: Uint8Array])[]
  /** Of the content: 16 bytes made of one. */
  identity?: number
  baseName?: string
  baseIdentity?: number
  /** Sectors that a differencing disk has itself. */
  hasSector?: (sector: number) => boolean
}

/** Where blocks of the disk begin: behind the headers, the log, the metadata, the table of blocks and a bitmap. */
export const VHDX_BLOCKS = 5 * MIB

const guid = (text: string): Buffer => {
  const [a = '', b = '', c = '', d = '', e = ''] = text.split('-')
  const swapped = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse())
  return Buffer.concat([...swapped, Buffer.from(d + e, 'hex')])
}
const guidOf = (byte: number): string => {
  const hex = byte.toString(16).padStart(2, '0')
  return [4, 2, 2, 2, 6].map((length) => hex.repeat(length)).join('-')
}

function summed(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(0, 4)
  let code = -1
  for (const byte of bytes) {
    code ^= byte
    for (let bit = 0; bit < 8; bit++) code = (code & 1) === 1 ? (code >>> 1) ^ 0x82f63b78 : code >>> 1
  }
  bytes.writeUInt32LE(~code >>> 0, 4)
  return bytes
}

/** A dynamic disk of blocks of 1 MiB, or a differencing one. */
export function buildVhdx(disk: Uint8Array, options: VhdxOptions = {}): Buffer {
  const { log = [], identity = 1, baseName, baseIdentity = 2, hasSector } = options
  const blocks = blocksOf(disk, MIB)
  const head = Buffer.alloc(VHDX_BLOCKS)
  head.write('vhdxfile')
  const logIdentity = guid(guidOf(log.length > 0 ? 9 : 0))
  for (const [index, at] of [64 << 10, 128 << 10].entries()) {
    const header = Buffer.alloc(4096)
    header.write('head')
    header.writeBigUInt64LE(BigInt(index + 5), 8)
    header.fill(identity, 32, 48)
    header.set(logIdentity, 48)
    header.writeUInt16LE(1, 66)
    header.writeUInt32LE(MIB, 68)
    header.writeBigUInt64LE(BigInt(MIB), 72)
    head.set(summed(header), at)
  }
  const regions = Buffer.alloc(64 << 10)
  regions.write('regi')
  regions.writeUInt32LE(2, 8)
  const region = (at: number, id: string, place: number): void => {
    regions.set(guid(id), at)
    regions.writeBigUInt64LE(BigInt(place), at + 16)
    regions.writeUInt32LE(MIB, at + 24)
    regions.writeUInt32LE(1, at + 28)
  }
  region(16, '2dc27766-f623-4200-9d64-115e9bfd4a08', 3 * MIB)
  region(48, '8b7ca206-4790-4b9a-b8fe-575f050f886e', 2 * MIB)
  head.set(summed(regions), 192 << 10)
  head.set(regions, 256 << 10)
  writeMetadata(head.subarray(2 * MIB, 3 * MIB), disk.byteLength, baseName, baseIdentity)
  const table = head.subarray(3 * MIB, 4 * MIB)
  const bitmap = head.subarray(4 * MIB, 5 * MIB)
  const parts: Buffer[] = []
  for (const [index, block] of blocks.entries()) {
    let here = 0
    for (let sector = 0; sector < MIB / 512; sector++) {
      const number = index * (MIB / 512) + sector
      if (hasSector?.(number) ?? true) {
        here++
        if (baseName !== undefined) bitmap[number >> 3]! |= 1 << (number & 7)
      } else block.fill(0xee, sector * 512, (sector + 1) * 512)
    }
    if (here === 0 || (baseName === undefined && isZero(block))) continue
    const state = here === MIB / 512 ? 6 : 7
    table.writeBigUInt64LE(BigInt(VHDX_BLOCKS + parts.length * MIB) | BigInt(state), index * 8)
    parts.push(block)
  }
  // Blocks for each one of the bitmap: 2^23 sectors of 512 bytes.
  if (baseName !== undefined) table.writeBigUInt64LE(BigInt(4 * MIB) | 6n, 4096 * 8)
  if (log.length > 0) head.set(logEntry(log, logIdentity), MIB)
  return Buffer.concat([head, ...parts])
}

function writeMetadata(region: Buffer, byteLength: number, baseName: string | undefined, baseIdentity: number): void {
  region.write('metadata')
  const items: [string, Buffer][] = [
    ['caa16737-fa36-4d43-b3b6-33f0aa44e76b', Buffer.alloc(8)],
    ['2fa54224-cd1b-4876-b211-5dbed83bf4b8', Buffer.alloc(8)],
    ['8141bf1d-a96f-4709-ba47-f233a8faab5f', Buffer.alloc(4)],
  ]
  items[0]![1].writeUInt32LE(MIB, 0)
  items[0]![1].writeUInt32LE(baseName === undefined ? 0 : 2, 4)
  items[1]![1].writeBigUInt64LE(BigInt(byteLength))
  items[2]![1].writeUInt32LE(512)
  if (baseName !== undefined) {
    const pairs = [
      ['parent_linkage', `{${guidOf(baseIdentity)}}`],
      ['relative_path', `.\\${baseName}`],
      ['absolute_win32_path', `C:\\disks\\${baseName}`],
    ]
    const locator = Buffer.alloc(2048)
    locator.set(guid('b04aefb7-d19e-4a81-b789-25b8e9445913'))
    locator.writeUInt16LE(pairs.length, 18)
    let at = 20 + pairs.length * 12
    for (const [index, pair] of pairs.entries())
      for (const [side, text] of pair.entries()) {
        const bytes = Buffer.from(text, 'utf16le')
        locator.writeUInt32LE(at, 20 + index * 12 + side * 4)
        locator.writeUInt16LE(bytes.byteLength, 28 + index * 12 + side * 2)
        locator.set(bytes, at)
        at += bytes.byteLength
      }
    items.push(['a8d35f2d-b30b-454d-abf7-d3d84834ab0c', locator])
  }
  region.writeUInt16LE(items.length, 10)
  let place = 64 << 10
  for (const [index, [id, bytes]] of items.entries()) {
    region.set(guid(id), 32 + index * 32)
    region.writeUInt32LE(place, 48 + index * 32)
    region.writeUInt32LE(bytes.byteLength, 52 + index * 32)
    region.set(bytes, place)
    place += bytes.byteLength
  }
}

function logEntry(pages: NonNullable<VhdxOptions['log']>, identity: Buffer): Buffer {
  const entry = Buffer.alloc(4096 * (1 + pages.length))
  entry.write('loge')
  entry.writeUInt32LE(entry.byteLength, 8)
  entry.writeBigUInt64LE(3n, 16)
  entry.writeUInt32LE(pages.length, 24)
  entry.set(identity, 32)
  for (const [index, [place, page]] of pages.entries()) {
    const at = 64 + index * 32
    entry.write('desc', at)
    entry.set(page.subarray(4092, 4096), at + 4)
    entry.set(page.subarray(0, 8), at + 8)
    entry.writeBigUInt64LE(BigInt(place), at + 16)
    entry.writeBigUInt64LE(3n, at + 24)
    const sector = entry.subarray(4096 * (1 + index), 4096 * (2 + index))
    sector.set(page)
    sector.write('data', 0)
    sector.writeUInt32LE(0, 4)
    sector.writeUInt32LE(3, 4092)
  }
  return summed(entry)
}
