import { blocksOf, isZero } from './disk-builder'

const MIB = 1 << 20

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
