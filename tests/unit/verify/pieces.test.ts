import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { findPiecesBeside } from '../../../src-main/files/pieces-beside'
import { MemoryByteSource } from '../../../src-main/image/core/byte-source'
import { Md4 } from '../../../src-main/image/sums/pieces/md4'
import { readMetalink } from '../../../src-main/image/sums/pieces/metalink'
import type { PieceList } from '../../../src-main/image/core/piece-list'
import { readTorrent } from '../../../src-main/image/sums/pieces/torrent'
import { readZsync } from '../../../src-main/image/sums/pieces/zsync'
import { feedInOnePass } from '../../../src-main/verify/pass'
import { PieceCheck } from '../../../src-main/verify/piece-check'
import { ReadTally } from '../../../src-main/verify/read-tally'
import { mapOf } from '../../../src-main/verify/verified-map'
import { verifyImage } from '../../../src-main/verify/verify'
import { UNCONTROLLED } from '../../../src-main/task'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

const disc = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8) * 13) & 255))
const isDisc = (name: string): boolean => name === 'disc.iso'
const FREE = new ReadTally({ checkpoint: () => undefined, progress: () => undefined })

/** Made by libtorrent 2.0.8 of the same bytes, as version 2: in pieces of 16 KiB, 64 KiB, and in a single one. */
const VERSION_2 = {
  '16 KiB':
    'ZDEzOmNyZWF0aW9uIGRhdGVpMTc5NTg4OTc5MGU0OmluZm9kOTpmaWxlIHRyZWVkODpkaXNjLmlzb2QwOmQ2Omxlbmd0aGkxMDAwMDBlMTE6cGllY2VzIHJvb3QzMjp9BnFJhYx8nTKVvLhSi9FD1Jpef/y7iHM3IxThkjxpIWVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTg6ZGlzYy5pc28xMjpwaWVjZSBsZW5ndGhpMTYzODRlZTEyOnBpZWNlIGxheWVyc2QzMjp9BnFJhYx8nTKVvLhSi9FD1Jpef/y7iHM3IxThkjxpITIyNDoSfFLUr8nU4zW5TZFPdfv3W13GLm29McbXHIaPwj5f5ZveSA6BsrV56esk5d33sZDUuCOIhsHUQqavoSFsrTzlVszOGx9OJ3YqifB41jyguIoN2snqQJPMym/jhxpjMPU7iu9GdcjTqK9XnveDs+Wn8aSIc4oQENMwvJzM9zVPVxJ8UtSvydTjNblNkU91+/dbXcYubb0xxtccho/CPl/lm95IDoGytXnp6yTl3fexkNS4I4iGwdRCpq+hIWytPOUEPS9Ki3+mVKbzYuk6hp0yC4CiPtomAcZFKdddQ0zoZWVl',
  '64 KiB':
    'ZDEzOmNyZWF0aW9uIGRhdGVpMTc5NTg4OTc5MGU0OmluZm9kOTpmaWxlIHRyZWVkODpkaXNjLmlzb2QwOmQ2Omxlbmd0aGkxMDAwMDBlMTE6cGllY2VzIHJvb3QzMjp9BnFJhYx8nTKVvLhSi9FD1Jpef/y7iHM3IxThkjxpIWVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTg6ZGlzYy5pc28xMjpwaWVjZSBsZW5ndGhpNjU1MzZlZTEyOnBpZWNlIGxheWVyc2QzMjp9BnFJhYx8nTKVvLhSi9FD1Jpef/y7iHM3IxThkjxpITY0Ov9orrtIvD49vUdj/xxFaK0YPgo3d/bDOVy5/PFfVh2O3HxEaE+AXAqVsiMKtVGJ+3+nJo49Gk5NNjl6QgQ4dZZlZQ==',
  'one piece':
    'ZDEzOmNyZWF0aW9uIGRhdGVpMTc5NTg4OTc5MGU0OmluZm9kOTpmaWxlIHRyZWVkODpkaXNjLmlzb2QwOmQ2Omxlbmd0aGkxMDAwMDBlMTE6cGllY2VzIHJvb3QzMjp9BnFJhYx8nTKVvLhSi9FD1Jpef/y7iHM3IxThkjxpIWVlZTEyOm1ldGEgdmVyc2lvbmkyZTQ6bmFtZTg6ZGlzYy5pc28xMjpwaWVjZSBsZW5ndGhpMTMxMDcyZWUxMjpwaWVjZSBsYXllcnNkZWU=',
}
/** Made by mktorrent 1.1 of a folder, in pieces of 32 KiB: a.txt (30000 bytes), b.iso (the disc), c.txt (10000 bytes). */
const FOLDER =
  'ZDg6YW5ub3VuY2UxMDpodHRwOi8veC95MTA6Y3JlYXRlZCBieTEzOm1rdG9ycmVudCAxLjExMzpjcmVhdGlvbiBkYXRlaTE3OTU4ODk3OTBlNDppbmZvZDU6ZmlsZXNsZDY6bGVuZ3RoaTMwMDAwZTQ6cGF0aGw1OmEudHh0ZWVkNjpsZW5ndGhpMTAwMDAwZTQ6cGF0aGw1OmIuaXNvZWVkNjpsZW5ndGhpMTAwMDBlNDpwYXRobDU6Yy50eHRlZWU0Om5hbWU1Om11bHRpMTI6cGllY2UgbGVuZ3RoaTMyNzY4ZTY6cGllY2VzMTAwOnvaREGJ0pK8yTG4LWInOZKJCnC9dG0rOmF320/tPqHgZjMrbLygAiYTChp32ig13850LgcGXHACaak7DJZ3Dp8vfZAEwWiFigcY+jmMpxuMx6qennOVIOwrmqpuUaync9mub3ZlZQ=='
/** Made by zsyncmake 0.6.2 of the same bytes, in blocks of 16 KiB. */
const ZSYNC =
  'enN5bmM6IDAuNi4yCkZpbGVuYW1lOiBkaXNjLmlzbwpNVGltZTogU2F0LCAyOCBOb3YgMjAyNiAxODoxNjozMCArMDAwMApCbG9ja3NpemU6IDE2Mzg0Ckxlbmd0aDogMTAwMDAwCkhhc2gtTGVuZ3RoczogMiwyLDMKVVJMOiBodHRwOi8vZS9kaXNjLmlzbwpTSEEtMTogZGRjZGFjYmVkOTJlZjBkYzY0MDBkMWRkMzY4YzMwMGI2ZjQ2Yjk0YgoK8ADRi4zwAD3gD/AA45g98AAghxTwANGLjPAAPeAPstAJ/Hc='

async function outcome(list: PieceList, bytes: Uint8Array): Promise<[verdict: string, ranges: number[]][]> {
  const check = new PieceCheck(list)
  await feedInOnePass(new MemoryByteSource(bytes), [check], FREE)
  return check
    .findings(bytes.byteLength, true, () => '')
    .map(({ check: { verdict }, ranges }) => [verdict, Array.from(ranges)])
}

function flipped(at: number): Buffer {
  const copy = Buffer.from(disc)
  copy[at] = (copy[at] ?? 0) ^ 4
  return copy
}

function only(lists: PieceList[]): PieceList {
  expect(lists).toHaveLength(1)
  return lists[0]!
}

describe('a torrent of version 2', () => {
  it.each(Object.entries(VERSION_2))('proves a file: %s', async (_, base64) => {
    const list = only(readTorrent(Buffer.from(base64, 'base64'), 'x.torrent', isDisc))
    expect(await outcome(list, disc)).toEqual([['passed', [0, 100_000]]])
    const [first] = await outcome(list, flipped(99_999))
    const start = (list.count - 1) * list.pieceLength
    expect(first).toEqual(['failed', [start, 100_000 - start]])
  })
})

describe('a torrent of version 2 that contradicts itself', () => {
  const torrent = Buffer.from(VERSION_2['16 KiB'], 'base64')
  const layerStart = torrent.indexOf('224:') + 4
  const read = (bytes: Buffer): PieceList[] => readTorrent(bytes, 'x.torrent', isDisc)

  it('proves nothing where its layers do not give its root', () => {
    for (let piece = 0; piece < 7; piece++) {
      const spoilt = Buffer.from(torrent)
      const at = layerStart + piece * 32
      spoilt[at] = (spoilt[at] ?? 0) ^ 1
      expect(() => read(spoilt)).toThrow('contradicts itself')
    }
  })

  it('proves nothing where it has fewer checksums than pieces', () => {
    const parts = [torrent.subarray(0, layerStart - 4), '192:', torrent.subarray(layerStart + 32)]
    expect(() => read(Buffer.concat(parts.map((part) => Buffer.from(part))))).toThrow('6 checksums for 7 pieces')
  })

  it('is told, whatever its own name', () => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'disc.iso'), disc)
    const spoilt = Buffer.from(torrent)
    spoilt[layerStart] = (spoilt[layerStart] ?? 0) ^ 1
    fs.writeFileSync(path.join(folder, 'other.torrent'), spoilt)
    const { pieces, problems } = findPiecesBeside(path.join(folder, 'disc.iso'))
    expect([pieces, problems]).toEqual([
      [],
      [expect.stringContaining('“other.torrent” cannot be used: it contradicts')],
    ])
  })
})

describe('a torrent of version 1', () => {
  const PIECE = 16_384
  const torrentOf = (byteLength: number, of: Buffer): Buffer => {
    const sums = Array.from({ length: Math.ceil(of.byteLength / PIECE) }, (_, i) =>
      createHash('sha1')
        .update(of.subarray(i * PIECE, (i + 1) * PIECE))
        .digest(),
    )
    const head = `d4:infod6:lengthi${byteLength}e4:name8:disc.iso12:piece lengthi${PIECE}e6:pieces${sums.length * 20}:`
    return Buffer.concat([Buffer.from(head), ...sums, Buffer.from('ee')])
  }
  const read = (torrent: Buffer): PieceList[] => readTorrent(torrent, 'x.torrent', isDisc)

  it('proves nothing where it has fewer or more checksums than pieces', async () => {
    expect(await outcome(only(read(torrentOf(100_000, disc))), disc)).toEqual([['passed', [0, 100_000]]])
    expect(() => read(torrentOf(100_000, disc.subarray(0, 70_000)))).toThrow('5 checksums for 7 pieces')
    expect(() => read(torrentOf(70_000, disc))).toThrow('7 checksums for 5 pieces')
  })

  it('maps the end that the image lacks by it, where it is of this image', async () => {
    const { bytes } = buildIso([{ name: 'ONE.TXT;1', data: Buffer.alloc(50_000, 'one') }])
    const missingBy = async (whole: Buffer): Promise<number[][]> => {
      const image = await openBytes(bytes)
      const file = { file: image.blocks, sums: [], pieces: read(torrentOf(whole.byteLength, whole)) }
      const map = mapOf(await verifyImage(image, image.info.defaultViewId, UNCONTROLLED, file), image)
      const missing = map.ranges().filter(({ state }) => state === 'missing')
      return missing.map(({ byteOffset, byteLength }) => [byteOffset, byteLength])
    }
    const longer = Buffer.concat([bytes, Buffer.alloc(70_000, 7)])
    expect(await missingBy(longer)).toEqual([[bytes.byteLength, 70_000]])
    expect(await missingBy(Buffer.alloc(longer.byteLength, 9))).toEqual([])
  })
})

describe('a torrent of a folder', () => {
  const list = only(readTorrent(Buffer.from(FOLDER, 'base64'), 'x.torrent', (name) => name === 'b.iso'))

  it('proves the pieces that are of the file alone', async () => {
    // Pieces begin every 32768 bytes of all files; the disc begins at 30000 and ends at 130000.
    expect(await outcome(list, disc)).toEqual([['passed', [2768, 2 * 32768]]])
  })

  it('tells which piece is damaged', async () => {
    expect(await outcome(list, flipped(2768 + 32768))).toEqual([
      ['failed', [2768 + 32768, 32768]],
      ['passed', [2768, 32768]],
    ])
    expect(await outcome(list, flipped(2767))).toEqual([['passed', [2768, 2 * 32768]]])
  })

  it('says so where the file is shorter than it says', async () => {
    const outcomes = await outcome(list, disc.subarray(0, 50_000))
    expect(outcomes.map(([verdict]) => verdict)).toEqual(['failed', 'passed', 'unreadable'])
  })

  it('is none of another file', () => {
    expect(readTorrent(Buffer.from(FOLDER, 'base64'), 'x.torrent', isDisc)).toEqual([])
  })
})

describe('a zsync file', () => {
  const zsync = readZsync(Buffer.from(ZSYNC, 'base64'), 'x.zsync', isDisc)
  const pieces = only(zsync === null ? [] : [zsync.pieces])

  it('proves the file block by block, and as a whole', async () => {
    expect(zsync?.sum).toMatchObject({ algorithm: 'sha1', hex: createHash('sha1').update(disc).digest('hex') })
    expect(await outcome(pieces, disc)).toEqual([['passed', [0, 100_000]]])
    const [first] = await outcome(pieces, flipped(20_000))
    expect(first).toEqual(['failed', [16384, 16384]])
  })

  it.each([
    ['with fewer sums than it says', (text: Buffer) => text.subarray(0, -3)],
    ['with blocks of nothing', (text: Buffer) => Buffer.from(text.toString('latin1').replace('16384', '0'), 'latin1')],
    [
      'with sums of no length',
      (text: Buffer) => Buffer.from(text.toString('latin1').replace('2,2,3', '2,0,0'), 'latin1'),
    ],
  ])('is refused: %s', (_, spoil) => {
    expect(() => readZsync(spoil(Buffer.from(ZSYNC, 'base64')), 'x.zsync', isDisc)).toThrow()
  })
})

describe('a metalink', () => {
  const hashes = [0, 1].map((i) =>
    createHash('sha1')
      .update(disc.subarray(i * 50_000, (i + 1) * 50_000))
      .digest('hex'),
  )
  const sha256 = createHash('sha256').update(disc).digest('hex')

  it.each([
    [
      'of version 4',
      `<metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="other.iso"><size>1</size></file>
       <file name="disc.iso"><size>100000</size><hash type="sha-256">${sha256}</hash>
       <pieces length="50000" type="sha-1"><hash>${hashes.join('</hash><hash>')}</hash></pieces></file></metalink>`,
    ],
    [
      'of version 3',
      `<metalink version="3.0"><files><file name="disc.iso"><size>100000</size><verification>
       <hash type="sha256">${sha256}</hash><pieces length="50000" type="sha1">
       ${hashes.map((hex, i) => `<hash piece="${i}">${hex}</hash>`).join('')}</pieces></verification></file></files></metalink>`,
    ],
  ])('proves the file: %s', async (_, text) => {
    const { sums, pieces } = readMetalink(text, 'x.meta4', isDisc)
    expect(sums).toEqual([{ algorithm: 'sha256', hex: sha256, from: 'x.meta4', listedAs: null }])
    expect(await outcome(only(pieces), disc)).toEqual([['passed', [0, 100_000]]])
    expect((await outcome(only(pieces), flipped(60_000)))[0]).toEqual(['failed', [50_000, 50_000]])
  })
})

describe('what is no torrent', () => {
  it.each(['', 'd', 'i5', 'l'.repeat(1000), 'd4:infoi1e', '99999999999:x', 'd4:infod6:lengthi-5e12:piece lengthi1eee'])(
    'is refused, or says nothing: %s',
    (text) => {
      let lists: PieceList[] = []
      try {
        lists = readTorrent(Buffer.from(text), 'x.torrent', isDisc)
      } catch (error) {
        expect((error as Error).name).toBe('BadPieceListError')
      }
      expect(lists).toEqual([])
    },
  )
})

describe('MD4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('of “%s” is as RFC 1320 A.5 says', (text, hex) => {
    const md4 = new Md4()
    for (const letter of text) md4.update(Buffer.from(letter))
    expect(Buffer.from(md4.digest()).toString('hex')).toBe(hex)
  })
})
