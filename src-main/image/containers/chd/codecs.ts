import { inflateRawSync } from 'node:zlib'
import { BitReader } from '../../codecs/bit-reader'
import { decodeFlacFrames } from '../../codecs/flac'
import { unpackRawLzma } from '../../codecs/lzma'
import { unpackZstdFrame } from '../../codecs/zstd-frame'
import { writeParity } from '../sectors/ecc'
import { decodeHuff } from './huffman'

/** A sector of a CD with its subchannel data, which is a unit of CDs. */
export const FRAME_LENGTH = 2448
const SECTOR_LENGTH = 2352
const SUBCHANNEL_LENGTH = 96
const LZMA = { literalContext: 3, literalPosition: 0, position: 2 } as const
const SYNC = Uint8Array.from([0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0])

/** Unpacks a hunk. Null, or an error, where it is damaged. */
export type Codec = (packed: Uint8Array, byteLength: number) => Uint8Array | null

const inflate: Codec = (packed, byteLength) => inflateRawSync(packed, { maxOutputLength: byteLength })
const lzma: Codec = (packed, byteLength) => unpackRawLzma(packed, byteLength, LZMA)

/** MAME, `chdcodec.cpp`, by four letters. */
export const CODECS: Readonly<Record<string, Codec>> = {
  zlib: inflate,
  zstd: unpackZstdFrame,
  lzma,
  huff: (packed, byteLength) => decodeHuff(new BitReader(packed), byteLength),
  flac,
  cdzl: onDisc(inflate, inflate),
  cdlz: onDisc(lzma, inflate),
  cdzs: onDisc(unpackZstdFrame, unpackZstdFrame),
  cdfl: discSound,
}

/** Sound of two channels; the first byte says in which order the bytes of each sample were: `L`, `B`. */
function flac(packed: Uint8Array, byteLength: number): Uint8Array | null {
  const order = packed[0]
  if ((order !== 0x4c && order !== 0x42) || byteLength % 4 !== 0) return null
  const decoded = decodeFlacFrames(packed.subarray(1), byteLength / 4)
  return decoded && bytesOf(decoded.samples, order === 0x42)
}

function bytesOf(samples: Int16Array, isBigEndian: boolean): Uint8Array {
  const out = new Uint8Array(samples.length * 2)
  const view = new DataView(out.buffer)
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, !isBigEndian)
  return out
}

/** Sectors, and their subchannel data behind all of them; sectors whose sync and parity follow from the rest lack both. */
function onDisc(sectors: Codec, subchannel: Codec): Codec {
  return (packed, byteLength) => {
    const count = framesIn(byteLength)
    const flagsLength = Math.ceil(count / 8)
    const sizeLength = byteLength < 65_536 ? 2 : 3
    const start = flagsLength + sizeLength
    if (count === 0 || packed.byteLength < start) return null
    let length = 0
    for (let i = 0; i < sizeLength; i++) length = length * 256 + (packed[flagsLength + i] ?? 0)
    const data = sectors(packed.subarray(start, start + length), count * SECTOR_LENGTH)
    const beside = subchannel(packed.subarray(start + length), count * SUBCHANNEL_LENGTH)
    const out = data && beside && interleave(data, beside, count)
    if (out === null) return null
    for (let index = 0; index < count; index++) {
      if ((((packed[index >> 3] ?? 0) >> (index & 7)) & 1) === 0) continue
      const sector = out.subarray(index * FRAME_LENGTH, index * FRAME_LENGTH + SECTOR_LENGTH)
      sector.set(SYNC)
      writeParity(sector)
    }
    return out
  }
}

/** Audio sectors as FLAC, most significant byte first, and their subchannel data behind them. */
function discSound(packed: Uint8Array, byteLength: number): Uint8Array | null {
  const count = framesIn(byteLength)
  const decoded = count === 0 ? null : decodeFlacFrames(packed, (count * SECTOR_LENGTH) / 4)
  if (decoded === null) return null
  const beside = inflate(packed.subarray(decoded.byteLength), count * SUBCHANNEL_LENGTH)
  return beside && interleave(bytesOf(decoded.samples, true), beside, count)
}

/** 0 where the hunk is none of a CD. */
function framesIn(byteLength: number): number {
  return byteLength % FRAME_LENGTH === 0 ? byteLength / FRAME_LENGTH : 0
}

function interleave(data: Uint8Array, beside: Uint8Array, count: number): Uint8Array | null {
  if (data.byteLength < count * SECTOR_LENGTH || beside.byteLength < count * SUBCHANNEL_LENGTH) return null
  const out = new Uint8Array(count * FRAME_LENGTH)
  for (let index = 0; index < count; index++) {
    out.set(data.subarray(index * SECTOR_LENGTH, (index + 1) * SECTOR_LENGTH), index * FRAME_LENGTH)
    const subchannel = beside.subarray(index * SUBCHANNEL_LENGTH, (index + 1) * SUBCHANNEL_LENGTH)
    out.set(subchannel, index * FRAME_LENGTH + SECTOR_LENGTH)
  }
  return out
}
