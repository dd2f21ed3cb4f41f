import zlib from 'node:zlib'

/** Virtual disks in as few words as each format allows; they share nothing with the readers. */

/** The blocks of a disk, the last one filled up with zeros. */
export function blocksOf(disk: Uint8Array, length: number): Buffer[] {
  const blocks: Buffer[] = []
  for (let at = 0; at < disk.byteLength; at += length) {
    const block = Buffer.alloc(length)
    block.set(disk.subarray(at, at + length))
    blocks.push(block)
  }
  return blocks
}

/** Whether there is nothing in a block. */
export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

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
  /** A copy of the directory and of the tables lies behind them. */
  hasCopies?: boolean
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
  const { isStream = false, hasCopies = false } = options
  const grains = blocksOf(disk, GRAIN)
  const sectors = disk.byteLength / 512
  const tables = Math.ceil(grains.length / 512)
  const text = options.descriptor ?? vmdkDescriptor(`RW ${sectors} SPARSE "disk.vmdk"`)
  const descriptor = Buffer.alloc(1024)
  descriptor.write(text)
  const directory = Buffer.alloc(512)
  const entries = Buffer.alloc(tables * 2048)
  const parts: Buffer[] = []
  let place = isStream ? 1536 : 1536 + (512 + entries.byteLength) * (hasCopies ? 2 : 1)
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
  if (hasCopies) {
    const copy = Buffer.alloc(512)
    const copyOffset = tablesOffset + entries.byteLength
    for (let table = 0; table < tables; table++) copy.writeUInt32LE((copyOffset + 512 + table * 2048) / 512, table * 4)
    header.writeUInt32LE(3, 8)
    header.writeBigUInt64LE(BigInt(copyOffset / 512), 48)
    return Buffer.concat([header, descriptor, directory, entries, copy, entries, ...parts])
  }
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
