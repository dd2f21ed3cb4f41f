import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { sector, sectors } from '../images/cd-sectors'
import { buildCdi } from '../images/cdi-builder'
import { buildChd, FRAME, framesOf } from '../images/chd-builder'
import { buildFixedVhd, buildQcow2, buildVdi, buildVhd, buildVmdk } from '../images/disk-builder'
import { buildVhdx } from '../images/vhdx-builder'
import { buildDmg, ChunkKind } from '../images/dmg-builder'
import { buildIso, concat, SECTOR, text } from '../images/iso-builder'
import { buildCompressedBlocks, buildDax, buildEcm, buildGcz, buildIsz } from '../images/packed-disc-builder'

/** Something that holds a plain image, made on the spot in a folder. */
export interface Container {
  id: string
  /** Writes it, and says what to open. Null where a program that makes it is not here. */
  make(image: Uint8Array, folder: string): Opened | null
}

export interface Opened {
  path: string
  /** Paths of images inside images, outermost first. */
  inside?: string[]
  /** Undoes what making it did beyond the folder. */
  release?: () => void
}

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65_536))]
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]
const big = (bytes: number[]): number[] => bytes.toReversed()

function put(folder: string, name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, bytes)
  return file
}

/** An image cannot be in such a container as it is. */
export class UnfitError extends Error {
  override readonly name = 'UnfitError'
}

/**
 * Whole sectors: discs have no half ones.
 * @throws {UnfitError} where the image is read from its end, which would be another one then
 */
function padded(image: Uint8Array): Uint8Array {
  const length = Math.ceil(image.byteLength / SECTOR) * SECTOR
  if (length === image.byteLength) return image
  if (isReadFromItsEnd(Buffer.from(image.buffer, image.byteOffset, image.byteLength)))
    throw new UnfitError('it would not end where it does')
  return concat(image, new Uint8Array(length - image.byteLength))
}

const SYNC = Buffer.from('00ffffffffffffffffffff00', 'hex')

/**
 * What a disk holds, or the sectors of a disc: blocks.
 * @throws {UnfitError} where the image is made of raw sectors itself
 */
function blocksOf(image: Uint8Array): Uint8Array {
  const isRaw = SYNC.equals(image.subarray(0, SYNC.byteLength))
  const isHeadless = Buffer.from(image.subarray(16 * 2336 + 9, 16 * 2336 + 14)).equals(Buffer.from('CD001'))
  if (isRaw || isHeadless) throw new UnfitError('raw sectors are no blocks')
  return padded(image)
}

/** Apple's disk images have a trailer of 512 bytes, pipable images of Windows their header once more. */
function isReadFromItsEnd(image: Buffer): boolean {
  return (
    image.toString('latin1', image.byteLength - 512, image.byteLength - 508) === 'koly' || image.indexOf('WLPWM') === 0
  )
}

/** A container that is one file made of the image's bytes. */
function packed(id: string, name: string, pack: (image: Uint8Array) => Uint8Array | null): Container {
  return {
    id,
    make(image, folder) {
      const bytes = pack(image)
      return bytes === null ? null : { path: put(folder, name, bytes) }
    },
  }
}

/** By a program of the system; null where it is not installed. */
function by(program: string, ...args: string[]): (image: Uint8Array) => Uint8Array | null {
  return (image) => {
    const run = spawnSync(program, args, { input: image, maxBuffer: 1 << 30 })
    return run.status === 0 ? run.stdout : null
  }
}

/** CISO and ZISO: a header, a table of offsets whose top bit says “as it is”, blocks. */
function blocks(magic: 'CISO' | 'ZISO', pack: (block: Uint8Array) => Uint8Array): (image: Uint8Array) => Uint8Array {
  return (image) =>
    buildCompressedBlocks(magic, 1, image, (block) => {
      const bytes = pack(block)
      return bytes.byteLength < block.byteLength ? { bytes, flag: false } : { bytes: block, flag: true }
    })
}

/** An LZ4 block of literals alone, which is longer than what it packs, but for a block of one byte. */
function lz4(block: Uint8Array): Uint8Array {
  const [first = 0] = block
  if (block.byteLength < 64 || !block.every((byte) => byte === first)) return block
  // One literal, a match that repeats it, and the five literals that end every block.
  const match = block.byteLength - 6 - 4
  const extra = match - 15
  const lengths = [...Array.from({ length: Math.floor(extra / 255) }, () => 255), extra % 255]
  return Uint8Array.from([0x1f, first, 1, 0, ...lengths, 0x50, first, first, first, first, first])
}

function cloneCd(image: Uint8Array, folder: string): Opened {
  const disc = sectors(blocksOf(image))
  put(folder, 'disc.img', disc)
  const sheet = `[CloneCD]\nVersion=3\n[Disc]\nTocEntries=2\nSessions=1\n[Entry 0]\nSession=1\nPoint=0xa2\nControl=0x04\nPLBA=${disc.byteLength / 2352}\n[Entry 1]\nSession=1\nPoint=0x01\nControl=0x04\nPLBA=0\n`
  return { path: put(folder, 'disc.ccd', text(sheet)) }
}

function alcohol(image: Uint8Array, folder: string): Opened {
  const data = padded(image)
  put(folder, 'disc.mdf', data)
  const track = new Uint8Array(80)
  track.set([0x02, 0, 0x14, 0, 1], 0)
  track.set(u32(data.byteLength / SECTOR), 12)
  track.set(u16(SECTOR), 16)
  track.set(u32(1), 48)
  const header = new Uint8Array(88)
  header.set(text('MEDIA DESCRIPTOR'))
  header.set([1, 3, 0x10, 0], 16)
  header.set(u16(1), 20)
  header.set(u32(88), 80)
  const session = concat(u32(0), u32(data.byteLength / SECTOR), u16(1), [1, 0], u16(1), u16(1), u32(0), u32(88 + 24))
  return { path: put(folder, 'disc.mds', concat(header, session, track)) }
}

function nero(image: Uint8Array, folder: string): Opened {
  const data = padded(image)
  const chunk = (id: string, body: Uint8Array): Uint8Array => concat(text(id), big(u32(body.byteLength)), body)
  const track = concat(
    new Uint8Array(12),
    big(u16(SECTOR)),
    [0, 0, 0, 0],
    big(u64(0)),
    big(u64(0)),
    big(u64(data.byteLength)),
  )
  const tail = concat(
    chunk('DAOX', concat(new Uint8Array(22), track)),
    chunk('SINF', Uint8Array.from(big(u32(1)))),
    chunk('END!', new Uint8Array(0)),
    text('NER5'),
    big(u64(data.byteLength)),
  )
  return { path: put(folder, 'disc.nrg', Buffer.concat([data, tail])) }
}

/** Sectors with what a drive reads besides: 96 bytes of subchannel behind each. */
function withSubchannel(image: Uint8Array): Uint8Array {
  const data = blocksOf(image)
  return Buffer.concat(
    Array.from({ length: data.byteLength / SECTOR }, (_, index) =>
      Buffer.concat([sector(data.subarray(index * SECTOR, (index + 1) * SECTOR), index, 1), new Uint8Array(96)]),
    ),
  )
}

/** Null of what is no disc: sectors without headers are told by the descriptor of a disc among them alone. */
function withoutHeaders(image: Uint8Array): Uint8Array | null {
  const descriptor = Buffer.from(image.subarray(16 * SECTOR + 1, 16 * SECTOR + 6)).toString('latin1')
  if (descriptor !== 'CD001' && descriptor !== 'BEA01') return null
  const whole = sectors(blocksOf(image), 0, 2)
  return Buffer.concat(
    Array.from({ length: whole.byteLength / 2352 }, (_, index) =>
      whole.subarray(index * 2352 + 16, (index + 1) * 2352),
    ),
  )
}

/** An image that holds a file, as one that holds discs does. */
function around(name: string, data: Uint8Array): Uint8Array {
  return buildIso([
    { name: 'A.TXT;1', data: 'in front of it' },
    { name: 'DISCS', children: [{ name: `${name};1`, data }] },
    { name: 'Z.TXT;1', data: 'behind it' },
  ]).bytes
}

function loopDevice(image: Uint8Array, folder: string): Opened | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const file = put(folder, 'device.iso', padded(image))
  const made = spawnSync('losetup', ['--find', '--show', '--read-only', file], { encoding: 'utf8' })
  const device = made.stdout.trim()
  if (made.status !== 0 || device === '') return null
  return { path: device, release: () => void spawnSync('losetup', ['--detach', device]) }
}

const halves = (image: Uint8Array): [Uint8Array, Uint8Array] => {
  const middle = Math.floor(image.byteLength / 2) + 77
  return [image.subarray(0, middle), image.subarray(middle)]
}

/** The rows of the matrix: a new container is a line here. */
export const CONTAINERS: readonly Container[] = [
  packed('plain', 'disc.iso', (image) => image),
  packed('gz', 'disc.iso.gz', (image) => zlib.gzipSync(image)),
  packed('gz of two members', 'disc.iso.gz', (image) =>
    Buffer.concat(halves(image).map((half) => zlib.gzipSync(half))),
  ),
  packed('zst', 'disc.iso.zst', (image) => zlib.zstdCompressSync(image)),
  packed('zst of two frames', 'disc.iso.zst', (image) =>
    Buffer.concat(halves(image).map((half) => zlib.zstdCompressSync(half))),
  ),
  packed('xz', 'disc.iso.xz', by('xz', '-c')),
  packed('bz2', 'disc.iso.bz2', by('bzip2', '-c')),
  packed(
    'cso',
    'disc.cso',
    blocks('CISO', (block) => zlib.deflateRawSync(block)),
  ),
  packed('zso', 'disc.zso', blocks('ZISO', lz4)),
  packed('dmg', 'disc.dmg', (image) => buildDmg(blocksOf(image), [ChunkKind.zlib, ChunkKind.stored, ChunkKind.adc])),
  packed('cdi', 'disc.cdi', (image) =>
    buildCdi([[{ mode: 1, sectorLength: 2352, data: sectors(blocksOf(image)), start: 0, pregap: 150 }]], 3),
  ),
  packed('isz', 'disc.isz', (image) => buildIsz(padded(image), ['zlib', 'stored'])[0] ?? null),
  {
    id: 'isz in parts',
    make(image, folder) {
      const [first, ...others] = buildIsz(
        padded(image),
        ['stored', 'zlib'],
        Math.max(4096, Math.ceil(image.byteLength / 3)),
      )
      for (const [index, part] of others.entries()) put(folder, `disc.i0${index + 1}`, part)
      return first === undefined ? null : { path: put(folder, 'disc.isz', first) }
    },
  },
  packed('dax', 'disc.dax', (image) => buildDax(padded(image), { first: 3, count: 4 })),
  packed('gcz', 'disc.gcz', (image) => buildGcz(padded(image))),
  packed('ecm', 'disc.bin.ecm', (image) => buildEcm(sectors(blocksOf(image)), 1)),
  packed('chd', 'disc.chd', (image) => buildChd(blocksOf(image), { codecs: ['zlib', 'none'] })),
  packed('chd of a CD', 'disc.chd', (image) => {
    const raw = sectors(blocksOf(image))
    const text = `TRACK:1 TYPE:MODE1_RAW SUBTYPE:NONE FRAMES:${raw.byteLength / 2352}`
    const options = { codecs: ['cdzl'], hunkLength: FRAME * 8, unitLength: FRAME, metadata: [['CHTR', text]] } as const
    return buildChd(framesOf(raw, 2352), options)
  }),
  packed('qcow2', 'disc.qcow2', (image) => buildQcow2(blocksOf(image))),
  packed('qcow2 packed', 'disc.qcow2', (image) => buildQcow2(blocksOf(image), { packed: 'deflate' })),
  packed('vhd', 'disc.vhd', (image) => buildVhd(blocksOf(image))),
  packed('vhd fixed', 'disc.vhd', (image) => buildFixedVhd(blocksOf(image))),
  packed('vhdx', 'disc.vhdx', (image) => buildVhdx(blocksOf(image))),
  packed('vmdk', 'disc.vmdk', (image) => buildVmdk(blocksOf(image))),
  packed('vmdk stream', 'disc.vmdk', (image) => buildVmdk(blocksOf(image), { isStream: true })),
  packed('vdi', 'disc.vdi', (image) => buildVdi(blocksOf(image))),
  {
    id: 'split',
    make(image, folder) {
      const third = Math.ceil(image.byteLength / 3) + 11
      for (let part = 1; part < 3; part++)
        put(folder, `disc.iso.00${part + 1}`, image.subarray(part * third, (part + 1) * third))
      return { path: put(folder, 'disc.iso.001', image.subarray(0, third)) }
    },
  },
  packed('raw 2352', 'disc.bin', (image) => sectors(blocksOf(image))),
  packed('raw 2352 mode 2', 'disc.bin', (image) => sectors(blocksOf(image), 0, 2)),
  packed('raw 2336', 'disc.bin', withoutHeaders),
  packed('raw 2448', 'disc.bin', withSubchannel),
  {
    id: 'cue 2352',
    make(image, folder) {
      put(folder, 'disc data.bin', sectors(blocksOf(image)))
      const sheet = 'FILE "disc data.bin" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n'
      return { path: put(folder, 'disc.cue', text(sheet)) }
    },
  },
  {
    id: 'cue 2048',
    make(image, folder) {
      put(folder, 'disc data.iso', padded(image))
      const sheet = 'FILE "disc data.iso" BINARY\r\n  TRACK 01 MODE1/2048\r\n    INDEX 01 00:00:00\r\n'
      return { path: put(folder, 'disc.cue', text(sheet)) }
    },
  },
  { id: 'ccd', make: cloneCd },
  { id: 'mds 2048', make: alcohol },
  { id: 'nrg', make: nero },
  {
    id: 'nested',
    make: (image, folder) => ({
      path: put(folder, 'outer.iso', around('DISC.ISO', image)),
      inside: ['DISCS/DISC.ISO'],
    }),
  },
  {
    id: 'nested gz',
    make: (image, folder) => ({
      path: put(folder, 'outer.iso', around('DISC.GZ', zlib.gzipSync(image))),
      inside: ['DISCS/DISC.GZ'],
    }),
  },
  {
    id: 'nested twice, in gz',
    make: (image, folder) => ({
      path: put(folder, 'outer.iso.gz', zlib.gzipSync(around('MIDDLE.ISO', around('DISC.ISO', image)))),
      inside: ['DISCS/MIDDLE.ISO', 'DISCS/DISC.ISO'],
    }),
  },
  { id: 'block device', make: loopDevice },
]
