import { because, type Check } from '../../src-shared/model'
import { sumMaker } from '../image/sums/sum-maker'
import type { Expectation } from './expectation'
import type { Finding } from './finding'

const SECTOR = 2048
/** ECMA-119 8.4.1: the primary volume descriptor is the first after the system area. */
const DESCRIPTOR_OFFSET = 16 * SECTOR
/** ECMA-119 8.4.8: Volume Space Size, little-endian half. */
const SPACE_SIZE_OFFSET = 80
/** ECMA-119 8.4.32: Application Use. */
const APPLICATION_USE_OFFSET = 883
const APPLICATION_USE_LENGTH = 512
/** `implantisomd5` looks at its running digest every so many bytes. */
const LOOK_BYTES = 32 << 10
/** Characters of a fragment's sum. */
const FRAGMENT_CHARACTERS = 3

/** What `implantisomd5` writes into the application use area. */
export interface ImplantedMd5 {
  md5: string
  /** In bytes: the volume without the sectors at its end that are not summed, which burners are careless with. */
  byteLength: number
  /** Of the running digest, after each of as many equal parts; empty where there are none. */
  fragments: string[]
}

/** Reads it from a primary volume descriptor; null where there is none. */
export function readImplantedMd5(descriptor: Uint8Array): ImplantedMd5 | null {
  if (descriptor.byteLength < SECTOR) return null
  const bytes = Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength)
  const text = bytes.toString('latin1', APPLICATION_USE_OFFSET, APPLICATION_USE_OFFSET + APPLICATION_USE_LENGTH)
  const md5 = /ISO MD5SUM = ([0-9a-f]{32});/i.exec(text)?.[1]?.toLowerCase()
  if (md5 === undefined) return null
  const skipped = Number(/SKIPSECTORS = (\d+)/.exec(text)?.[1] ?? 0)
  const sums = /FRAGMENT SUMS = ([0-9a-f]+);/i.exec(text)?.[1] ?? ''
  const count = Number(/FRAGMENT COUNT = (\d+)/.exec(text)?.[1] ?? 0)
  const byteLength = (bytes.readUInt32LE(SPACE_SIZE_OFFSET) - skipped) * SECTOR
  if (byteLength <= DESCRIPTOR_OFFSET + SECTOR) return null
  const fragments = Array.from({ length: sums.length === count * FRAGMENT_CHARACTERS ? count : 0 }, (_, i) =>
    sums.slice(i * FRAGMENT_CHARACTERS, (i + 1) * FRAGMENT_CHARACTERS),
  )
  return { md5, byteLength, fragments }
}

/** What else `implantisomd5` writes beside the sum. */
const REMAINS = /ISO MD5SUM = |FRAGMENT (?:SUMS|COUNT) = |THIS IS NOT THE SAME AS RUNNING MD5SUM/

/** Whether a primary volume descriptor has a sum that cannot be read any more. Null where nothing is left of one. */
export function brokenImplantedMd5(descriptor: Uint8Array): Check | null {
  const bytes = descriptor.subarray(APPLICATION_USE_OFFSET, APPLICATION_USE_OFFSET + APPLICATION_USE_LENGTH)
  if (readImplantedMd5(descriptor) !== null || !REMAINS.test(Buffer.from(bytes).toString('latin1'))) return null
  return {
    kind: 'implanted-md5',
    verdict: 'unreadable',
    detail: 'An MD5 sum of the image was implanted into it and is damaged itself: it cannot be compared.',
    byteOffset: DESCRIPTOR_OFFSET + APPLICATION_USE_OFFSET,
  }
}

/**
 * The bytes as they were before the sum was implanted: with spaces where it stands. What libisofs has summed was without
 * it too, for a sum is implanted into a finished image.
 * @param position of the bytes in the image
 */
export function withoutImplantedMd5(bytes: Uint8Array, position: number): Uint8Array {
  const start = DESCRIPTOR_OFFSET + APPLICATION_USE_OFFSET - position
  const end = start + APPLICATION_USE_LENGTH
  if (end <= 0 || start >= bytes.byteLength) return bytes
  return Uint8Array.from(bytes).fill(0x20, Math.max(start, 0), Math.max(end, 0))
}

/** Sums the image as `implantisomd5` does. */
export class ImplantedMd5Check implements Expectation {
  readonly ranges: readonly number[]
  readonly form = withoutImplantedMd5
  private readonly end: number
  private readonly hash = sumMaker('md5')
  private readonly fragmentLength: number
  private position = 0
  private fragment = 0
  private firstBad: { from: number; to: number } | null = null
  private missing: string | null = null

  constructor(private readonly implanted: ImplantedMd5) {
    this.end = implanted.byteLength
    this.ranges = [0, this.end]
    const count = implanted.fragments.length
    this.fragmentLength = count === 0 ? Infinity : Math.floor(implanted.byteLength / (count + 1))
  }

  feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      const untilLook = LOOK_BYTES - (this.position % LOOK_BYTES)
      const piece = bytes.subarray(at, at + untilLook)
      this.hash.update(piece)
      this.position += piece.byteLength
      at += piece.byteLength
      if (this.position % LOOK_BYTES === 0 || this.position === this.end) this.look()
    }
  }

  finish(missing: string | null): void {
    this.missing = missing
  }

  /** After the pass. @param named names the files in a range, for a person: a sentence, or nothing */
  finding(named: (from: number, to: number) => string): Finding {
    const kind = 'implanted-md5'
    const { missing, firstBad, ranges, implanted } = this
    if (missing !== null)
      return { check: { kind, verdict: 'unreadable', detail: `The sum cannot be checked: ${missing}` }, ranges: [] }
    if (this.hash.digest('hex') === implanted.md5)
      return {
        check: {
          kind,
          verdict: 'passed',
          detail: `The image gives the MD5 sum that it carries, ${implanted.md5}.`,
          details: because('givesOwnSum', { sum: implanted.md5 }),
        },
        ranges,
      }
    const says = 'The image does not give the MD5 sum that it carries'
    if (!firstBad) return { check: { kind, verdict: 'failed', detail: `${says}.` }, ranges }
    const { from, to } = firstBad
    const detail = `${says}; the first damage lies between byte ${from} and byte ${to}.${named(from, to)}`
    // The sums of its parts run on: behind the first that does not fit, none says anything.
    return { check: { kind, verdict: 'failed', detail, byteOffset: from }, ranges: [from, this.end - from] }
  }

  /** After each buffer that `implantisomd5` reads; the first one to begin in a new part gives the sum of the part before. */
  private look(): void {
    const bufferStart = Math.floor((this.position - 1) / LOOK_BYTES) * LOOK_BYTES
    const fragment = Math.floor(bufferStart / this.fragmentLength)
    if (fragment === this.fragment) return
    this.fragment = fragment
    const expected = this.implanted.fragments[fragment - 1]
    if (expected === undefined || this.firstBad) return
    // Of each of the digest's first three bytes, the first character of its unpadded hexadecimal number.
    const digest = this.hash.copy().digest()
    const sum = [0, 1, 2].map((i) => (digest[i] ?? 0).toString(16).charAt(0)).join('')
    if (sum !== expected) this.firstBad = { from: Math.floor((fragment - 1) * this.fragmentLength), to: this.position }
  }
}
