import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MemoryByteSource, SourceError, type ByteSource } from '../../../src-main/image/core/byte-source'
import { cutRanges, isAscending, type Expectation } from '../../../src-main/verify/expectation'
import { RangeDigest, type Digests } from '../../../src-main/verify/file-digests'
import { covered, feedInOnePass } from '../../../src-main/verify/pass'
import { ReadTally } from '../../../src-main/verify/read-tally'

const FREE = new ReadTally({ checkpoint: () => undefined, progress: () => undefined })
const bytes = Buffer.from(new Uint8Array(5 << 20).map((_, at) => (at * 31 + (at >> 11)) & 255))

/** A disc with bad sectors of 2048 bytes, which counts what is read of it. */
class Disc implements ByteSource {
  readonly byteLength = bytes.byteLength
  bytesRead = 0
  private readonly inner = new MemoryByteSource(bytes)

  constructor(private readonly bad: readonly number[] = []) {}

  read(byteOffset: number, byteLength: number): Uint8Array {
    if (this.bad.some((sector) => sector * 2048 < byteOffset + byteLength && byteOffset < (sector + 1) * 2048))
      throw new SourceError('SOURCE_UNREADABLE', 'The disc cannot be read there.')
    this.bytesRead += byteLength
    return this.inner.read(byteOffset, byteLength)
  }

  locate(): null {
    return null
  }

  close(): void {
    // Nothing is held.
  }
}

function digestOf(ranges: number[], form?: Expectation['form']): RangeDigest {
  const digest = new RangeDigest(ranges, form)
  digest.add('md5')
  digest.add('sha256')
  return digest
}

function rightOf(ranges: number[], of: Uint8Array = bytes): Digests {
  const parts = Array.from({ length: ranges.length / 2 }, (_, i) => {
    const start = ranges[2 * i] ?? 0
    return of.subarray(start, start + (ranges[2 * i + 1] ?? 0))
  })
  const whole = Buffer.concat(parts)
  const hex = (name: string): string => createHash(name).update(whole).digest('hex')
  return new Map([
    ['md5', hex('md5')],
    ['sha256', hex('sha256')],
  ] as const)
}

const RANGES = [
  [0, bytes.byteLength],
  [4096, 3 << 20],
  [100, 7, 2000, 5000, 4 << 20, 2048],
  [(1 << 20) - 1, 2],
  [3 << 20, 1, (3 << 20) + 5, 1],
  [],
]

describe('one pass', () => {
  it('feeds everybody what is its own, and reads each byte once', async () => {
    const disc = new Disc()
    const digests = RANGES.map((ranges) => digestOf(ranges))
    expect(await feedInOnePass(disc, digests, FREE)).toEqual([])
    expect(digests.map(({ result }) => result)).toEqual(RANGES.map((ranges) => rightOf(ranges)))
    expect(disc.bytesRead).toBe(bytes.byteLength)
  })

  it('reads nothing that nobody asks for', async () => {
    const disc = new Disc()
    const digests = [digestOf([100, 50, 4000, 10]), digestOf([120, 100])]
    expect(covered(digests)).toEqual([100, 120, 4000, 10])
    await feedInOnePass(disc, digests, FREE)
    expect(disc.bytesRead).toBe(130)
  })

  it('costs only those whose bytes lie in the bad sectors', async () => {
    const ranges = [...RANGES, [2048 * 999, 2048], [2048 * 1001, 2048], [2048 * 1000 + 7, 1]]
    const digests = ranges.map((each) => digestOf(each))
    expect(await feedInOnePass(new Disc([1000]), digests, FREE)).toEqual([
      { byteOffset: 2048 * 1000, byteLength: 2048 },
    ])
    const isHit = (each: number[]): boolean =>
      each.some((start, i) => i % 2 === 0 && start < 2048 * 1001 && start + (each[i + 1] ?? 0) > 2048 * 1000)
    for (const [i, each] of ranges.entries())
      if (isHit(each)) expect(digests[i]?.result).toHaveProperty('problem')
      else expect(digests[i]?.result).toEqual(rightOf(each))
    expect(ranges.filter(isHit)).toHaveLength(3)
  })

  it('tells those that end behind the source', async () => {
    const digests = [digestOf([0, 100]), digestOf([bytes.byteLength - 10, 20]), digestOf([bytes.byteLength + 5, 20])]
    await feedInOnePass(new MemoryByteSource(bytes), digests, FREE)
    expect(digests[0]?.result).toEqual(rightOf([0, 100]))
    expect(digests[1]?.result).toHaveProperty('problem', expect.stringContaining('only 10 of its 20 bytes'))
    expect(digests[2]?.result).toHaveProperty('problem', expect.stringContaining('only 0 of its 20 bytes'))
  })

  it('shows the bytes to each in the form that it wants', async () => {
    const blank = (seen: Uint8Array, position: number): Uint8Array =>
      position >= 200 ? seen : Uint8Array.from(seen).fill(0x20, 100 - position, 200 - position)
    const digests = [digestOf([50, 2 << 20], blank), digestOf([50, 2 << 20])]
    await feedInOnePass(new Disc(), digests, FREE)
    expect(digests[0]?.result).toEqual(rightOf([50, 2 << 20], Uint8Array.from(bytes).fill(0x20, 100, 200)))
    expect(digests[1]?.result).toEqual(rightOf([50, 2 << 20]))
  })
})

describe('ranges', () => {
  it('can be fed in one pass where they ascend, apart from each other', () => {
    expect(isAscending([])).toBe(true)
    expect(isAscending([5, 5, 10, 1])).toBe(true)
    expect(isAscending([5, 6, 10, 1])).toBe(false)
    expect(isAscending([10, 1, 5, 1])).toBe(false)
    expect(isAscending([-1, 10])).toBe(false)
  })

  it('are cut where a file ends', () => {
    expect(cutRanges([0, 2048, 8192, 2048], 2050)).toEqual([0, 2048, 8192, 2])
    expect(cutRanges([0, 2048, 8192, 2048], 2048)).toEqual([0, 2048])
    expect(cutRanges([0, 2048], 0)).toEqual([])
  })
})
