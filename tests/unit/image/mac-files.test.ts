import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { MemoryByteSource } from '../../../src-main/image'
import { APPLE_DOUBLE_LENGTH, AppleDoubleSource } from '../../../src-main/image/core/apple-double'
import { packLzfse, packLzvn } from '../../images/lzfse-builder'
import { hasOtherLength, PackedFileSource, readPackedFile, whyUnreadable } from '../../../src-main/image/codecs/decmpfs'

const CONTENT = Buffer.from('a line that packs well\n'.repeat(9000))

function attribute(type: number, byteLength: number, inline: Uint8Array = new Uint8Array(0)): Buffer {
  const header = Buffer.alloc(16)
  header.write('fpmc')
  header.writeUInt32LE(type, 4)
  header.writeBigUInt64LE(BigInt(byteLength), 8)
  return Buffer.concat([header, inline])
}

function blocksOf(content: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(content.byteLength / 65_536) }, (_, index) =>
    content.subarray(index * 65_536, (index + 1) * 65_536),
  )
}

/** A resource fork of type 4: its blocks zlib's, the second stored behind a byte 0xFF. */
function resourceFork(content: Buffer): Buffer {
  const blocks = blocksOf(content).map((block, index) =>
    index === 1 ? Buffer.concat([Buffer.from([0xff]), block]) : zlib.deflateSync(block),
  )
  const table = Buffer.alloc(4 + blocks.length * 8)
  table.writeUInt32LE(blocks.length)
  let at = table.byteLength
  for (const [index, block] of blocks.entries()) {
    table.writeUInt32LE(at, 4 + index * 8)
    table.writeUInt32LE(block.byteLength, 8 + index * 8)
    at += block.byteLength
  }
  const header = Buffer.alloc(260)
  header.writeUInt32BE(256)
  header.writeUInt32BE(at, 256)
  return Buffer.concat([header, table, ...blocks])
}

async function unpack(record: Buffer, fork: Uint8Array = new Uint8Array(0)): Promise<Buffer> {
  const file = readPackedFile(record)!
  expect(whyUnreadable(file)).toBeNull()
  const source = new PackedFileSource(file, new MemoryByteSource(fork))
  return Buffer.from(await source.read(0, source.byteLength))
}

describe('a file that macOS has compressed', () => {
  test('is unpacked from its attribute', async () => {
    const small = CONTENT.subarray(0, 5000)
    expect(await unpack(attribute(3, 5000, zlib.deflateSync(small)))).toEqual(small)
    expect(await unpack(attribute(3, 5000, Buffer.concat([Buffer.from([0xff]), small])))).toEqual(small)
    expect(await unpack(attribute(1, 5000, small))).toEqual(small)
    expect(await unpack(attribute(9, 5000, Buffer.concat([Buffer.from([0xcc]), small])))).toEqual(small)
  })

  test('is unpacked from its resource fork, from anywhere', async () => {
    const fork = resourceFork(CONTENT)
    const record = attribute(4, CONTENT.byteLength)
    expect(await unpack(record, fork)).toEqual(CONTENT)
    const source = new PackedFileSource(readPackedFile(record)!, new MemoryByteSource(fork))
    expect(Buffer.from(await source.read(65_530, 20))).toEqual(CONTENT.subarray(65_530, 65_550))
  })

  test('is never taken for whole where it does not unpack', async () => {
    const fork = resourceFork(CONTENT)
    fork.fill(0, 320, 340)
    const source = new PackedFileSource(readPackedFile(attribute(4, CONTENT.byteLength))!, new MemoryByteSource(fork))
    await expect(source.read(0, 100)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  })

  test.each([
    ['LZVN', 7, packLzvn, 0x06],
    ['LZFSE', 11, packLzfse, 0xff],
  ])('is unpacked by %s, in one piece and in blocks', async (_, type, pack, mark) => {
    const small = CONTENT.subarray(0, 5000)
    expect(await unpack(attribute(type, 5000, pack(small)))).toEqual(small)
    const behindMark = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([mark]), bytes])
    expect(await unpack(attribute(type, 5000, behindMark(small)))).toEqual(small)
    const blocks = blocksOf(CONTENT).map((block, index) => (index === 1 ? behindMark(block) : Buffer.from(pack(block))))
    const table = Buffer.alloc(4 * (blocks.length + 1))
    let at = table.byteLength
    for (const [index, block] of [...blocks, Buffer.alloc(0)].entries()) {
      table.writeUInt32LE(at, index * 4)
      at += block.byteLength
    }
    const fork = Buffer.concat([table, ...blocks])
    const record = attribute(type + 1, CONTENT.byteLength)
    expect(await unpack(record, fork)).toEqual(CONTENT)
    fork.fill(0x70, table.byteLength + 8, table.byteLength + 40)
    const source = new PackedFileSource(readPackedFile(record)!, new MemoryByteSource(fork))
    await expect(source.read(0, 100)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  })

  test.each([3, 7, 11])('of type %i, with a length beyond all reason, is damage and takes no memory', async (type) => {
    const record = attribute(type, 2 ** 40, packLzvn(CONTENT.subarray(0, 100)))
    const source = new PackedFileSource(readPackedFile(record)!, new MemoryByteSource(new Uint8Array(0)))
    await expect(source.read(0, 100)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  })

  test('gives what there is where it says another length', async () => {
    const small = CONTENT.subarray(0, 5000)
    const stored = Buffer.concat([Buffer.from([0xff]), small])
    for (const inline of [zlib.deflateSync(small), stored]) {
      expect(await unpack(attribute(3, 9000, inline))).toEqual(small)
      const shorter = new PackedFileSource(
        readPackedFile(attribute(3, 3000, inline))!,
        new MemoryByteSource(Buffer.alloc(0)),
      )
      expect(shorter.damage).toBeNull()
      expect(Buffer.from(await shorter.read(0, 9000))).toEqual(small.subarray(0, 3000))
      expect(shorter.damage).toContain('more than it says')
    }
    const fork = resourceFork(CONTENT)
    const longer = new PackedFileSource(
      readPackedFile(attribute(4, CONTENT.byteLength + 10))!,
      new MemoryByteSource(fork),
    )
    expect(Buffer.from(await longer.read(0, longer.byteLength))).toEqual(CONTENT)
    expect((await longer.read(CONTENT.byteLength, 10)).byteLength).toBe(0)
  })

  test('as it is and says another length is known without unpacking', () => {
    const known = (type: number, byteLength: number, inline: Uint8Array): boolean =>
      hasOtherLength(readPackedFile(attribute(type, byteLength, inline))!)
    expect(known(1, 5, Buffer.alloc(5))).toBe(false)
    expect(known(1, 9, Buffer.alloc(5))).toBe(true)
    expect(known(9, 5, Buffer.alloc(6))).toBe(false)
    expect(known(3, 5, Buffer.alloc(6, 0xff))).toBe(false)
    expect(known(3, 4, Buffer.alloc(6, 0xff))).toBe(true)
    expect(known(3, 9000, zlib.deflateSync(CONTENT))).toBe(false)
  })

  test('in a way that is not known is lost, and the reason names it', () => {
    expect(whyUnreadable(readPackedFile(attribute(5, 10))!)).toContain('type 5')
  })
})

test('a resource fork is an AppleDouble file (RFC 1740, appendix A)', async () => {
  const fork = Buffer.from('the resource fork')
  const finderInfo = Buffer.alloc(32, 'APPLGAME')
  const source = new AppleDoubleSource(finderInfo, new MemoryByteSource(fork))
  const bytes = Buffer.from(await source.read(0, source.byteLength))
  expect(bytes.readUInt32BE(0)).toBe(0x00051607)
  const entries = [26, 38].map((at) => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), bytes.readUInt32BE(at + 8)])
  expect(entries).toEqual([
    [9, 50, 32],
    [2, APPLE_DOUBLE_LENGTH, fork.byteLength],
  ])
  expect(bytes.subarray(50, 58).toString()).toBe('APPLGAME')
  expect(bytes.subarray(APPLE_DOUBLE_LENGTH)).toEqual(fork)
  expect(Buffer.from(await source.read(80, 10))).toEqual(bytes.subarray(80, 90))
})
