import fs from 'node:fs'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { blockItemsOf, BlockWriter } from '../../../src-main/extract/block-items'
import { MemoryByteSource, type ByteSource } from '../../../src-main/image/core/byte-source'
import { ContentBlockList } from '../../../src-main/image/core/content-blocks'
import { temporaryFolder } from '../support'

const GZIP = { id: 'gzip', blockLength: 0 } as const
const WINDOW = 2 << 20
const packed = deflateSync(Buffer.from('the ends of several files'))
const volume = new MemoryByteSource(Uint8Array.from(packed))

describe('items of packed blocks', () => {
  it('share a block that several files end in', () => {
    expect(written([0, 8], packed.byteLength)).toBe('the ends')
    expect(written([0, 8], packed.byteLength, [9, 2], packed.byteLength)).toBe('the endsof')
  })

  it('are packed from the same bytes only where these are as many', () => {
    expect(() => written([0, 8], packed.byteLength, [9, 2], 5)).toThrow('does not unpack')
  })

  it('are parts of a large content, one behind the other; one that is summed stays whole', () => {
    const list = new ContentBlockList()
    for (let i = 0; i < 40; i++) list.add(0, packed.byteLength, true, 128 << 10, 0, 128 << 10)
    const blocks = list.in(volume, GZIP)
    const items = blocks && blockItemsOf(blocks, false, WINDOW)
    expect(items?.map(({ packing }) => packing.part?.writeOffset)).toEqual([0, 2 << 20, 4 << 20])
    expect(blocks && blockItemsOf(blocks, true, WINDOW)?.map(({ packing }) => packing.part)).toEqual([null])
  })
})

describe('a list of blocks', () => {
  it('lies in one file as it is, or is none', () => {
    const lies = (source: ByteSource): boolean => {
      const list = new ContentBlockList()
      list.addZeros(10)
      list.add(0, 5, false, 5, 0, 5)
      list.add(5, 5, false, 5, 0, 5)
      return list.in(source, GZIP) !== null
    }
    const bytes = new MemoryByteSource(new Uint8Array(10))
    expect(lies(bytes)).toBe(true)
    expect(lies(new MemoryByteSource(new Uint8Array(9)))).toBe(false)
    expect(lies({ ...pieces(bytes, 5), recorded: () => 5 })).toBe(true)
    expect(lies({ ...pieces(bytes, 5), recorded: () => 4 })).toBe(false)
    expect(lies(pieces(bytes, 3))).toBe(false)
  })

  it('asks for no more than a row and each of its pieces', () => {
    let asked = 0
    const length = 1 << 20
    const inPieces: ByteSource = {
      ...pieces(new MemoryByteSource(new Uint8Array(length)), 64),
      recorded: (_, byteLength) => {
        asked++
        return byteLength
      },
    }
    const list = new ContentBlockList()
    for (let at = 0; at < length; at += 16) list.add(at, 16, true, 16, 0, 16)
    expect(list.in(inPieces, GZIP)?.blocks.length).toBe((length / 16) * 6)
    expect(asked).toBe(length / 64)
  })
})

/** A source that lies in a file in pieces of one length. */
function pieces(file: MemoryByteSource, pieceLength: number): ByteSource {
  return {
    byteLength: file.byteLength,
    read: (byteOffset, byteLength) => file.read(byteOffset, byteLength),
    locate: (byteOffset, byteLength) => ({
      file,
      byteOffset,
      byteLength: Math.min(byteLength, pieceLength - (byteOffset % pieceLength)),
    }),
    close: () => undefined,
  }
}

/** What items write that take parts of one block: where a part begins, how long it is, and how many bytes are packed. */
function written(...takes: (number | [number, number])[]): string {
  const file = path.join(temporaryFolder(), 'file')
  const descriptor = fs.openSync(file, 'w')
  const writer = new BlockWriter()
  try {
    let position = 0
    for (let i = 0; i + 1 < takes.length; i += 2) {
      const [skip, take] = takes[i] as [number, number]
      const blocks = Float64Array.of(0, takes[i + 1] as number, 1, 64, skip, take)
      const item = { unpacker: GZIP, blocks, byteLength: take, part: { writeOffset: position } }
      writer.write(descriptor, item, (at, length) => packed.subarray(at, at + length), null)
      position += take
    }
  } finally {
    fs.closeSync(descriptor)
  }
  return fs.readFileSync(file, 'latin1')
}
