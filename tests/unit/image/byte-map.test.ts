import { describe, expect, it } from 'vitest'
import { ByteMap, type ByteState } from '../../../src-main/image/core/byte-map'
import {
  looksLikeMapFile,
  MapFileError,
  markFromMapFile,
  readMapFile,
  writeMapFile,
} from '../../../src-main/image/core/map-file'

function statesOf(map: ByteMap): [number, number, ByteState][] {
  return map.ranges().map(({ byteOffset, byteLength, state }) => [byteOffset, byteLength, state])
}
const range = (byteOffset: number, byteLength: number, state: ByteState, by = 'test') => ({
  byteOffset,
  byteLength,
  state,
  by,
})

describe('the map of the bytes', () => {
  it('begins with everything present', () => {
    expect(statesOf(new ByteMap(100))).toEqual([[0, 100, 'present']])
    expect(statesOf(new ByteMap(0))).toEqual([])
  })

  it('lets a smaller proof clear part of a larger suspicion, whichever came first', () => {
    const suspicionFirst = new ByteMap(100)
    suspicionFirst.mark(range(0, 100, 'suspect'))
    suspicionFirst.mark(range(20, 10, 'proven'))
    const proofFirst = new ByteMap(100)
    proofFirst.mark(range(20, 10, 'proven'))
    proofFirst.mark(range(0, 100, 'suspect'))
    for (const map of [suspicionFirst, proofFirst])
      expect(statesOf(map)).toEqual([
        [0, 20, 'suspect'],
        [20, 10, 'proven'],
        [30, 70, 'suspect'],
      ])
  })

  it('keeps a smaller suspicion inside of a larger proof', () => {
    const map = new ByteMap(100)
    map.mark(range(10, 5, 'bad'))
    map.mark(range(0, 100, 'proven'))
    expect(statesOf(map)).toEqual([
      [0, 10, 'proven'],
      [10, 5, 'bad'],
      [15, 85, 'proven'],
    ])
  })

  it('takes several claims of one size as that many', () => {
    const map = new ByteMap(100)
    map.mark(range(0, 40, 'suspect'))
    map.mark(range(0, 100, 'proven'), 10)
    expect(statesOf(map)).toEqual([[0, 100, 'proven']])
  })

  it('believes a sum that fits where nobody could read, and nothing where the file ends', () => {
    const map = new ByteMap(100)
    map.mark(range(10, 10, 'unread'))
    map.mark(range(90, 10, 'missing'))
    map.mark(range(0, 100, 'proven'))
    expect(statesOf(map)).toEqual([
      [0, 90, 'proven'],
      [90, 10, 'missing'],
    ])
  })

  it('tells the worst of a part, and what lies outside', () => {
    const map = new ByteMap(100)
    map.mark(range(0, 50, 'proven'))
    map.mark(range(60, 1, 'bad'))
    expect([map.worst(0, 50), map.worst(0, 51), map.worst(0, 70), map.worst(90, 11), map.worst(5, 0)]).toEqual([
      'proven',
      'present',
      'bad',
      'missing',
      'proven',
    ])
    expect(map.count('proven')).toBe(50)
    expect(statesOf(map).length).toBe(4)
  })

  it('agrees with a map of single bytes, whatever is marked', () => {
    const gravity = ['proven', 'present', 'suspect', 'bad', 'unread', 'missing'] as const
    let state = 7
    const chance = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return (state >>> 16) % below
    }
    const map = new ByteMap(64)
    const cells = Array.from({ length: 64 }, () => new ByteMap(1))
    for (let i = 0; i < 300; i++) {
      const start = chance(64)
      const length = 1 + chance(20)
      const what = gravity[chance(5)] ?? 'present'
      map.mark(range(start, length, what))
      for (let at = start; at < Math.min(64, start + length); at++) cells[at]?.mark(range(0, 1, what), length)
      expect(map.ranges().flatMap(({ byteLength, state: own }) => Array<string>(byteLength).fill(own))).toEqual(
        cells.map((cell) => cell.ranges()[0]?.state),
      )
    }
  })
})

const MAP = `# Mapfile. Created by GNU ddrescue version 1.27
# current_pos  current_status  current_pass
0x00000800     ?               1
#      pos        size  status
0x00000000  0x00001000  +
0x00001000  0x00000800  -
0x00001800  0x00000800  *
0x00002000  0x00000800  /
0x00002800  0x00000800  ?
`

describe('a map of ddrescue', () => {
  it('is read, and marks what was not', () => {
    expect(looksLikeMapFile(MAP)).toBe(true)
    const read = readMapFile(MAP, 'x.map')
    expect(read.position).toBe(0x800)
    const map = new ByteMap(0x3000)
    markFromMapFile(map, read, 0x3000, 'x.map')
    expect(statesOf(map)).toEqual([
      [0, 0x1000, 'present'],
      [0x1000, 0x2000, 'unread'],
    ])
  })

  it('may be of old versions, decimal, and with line ends of Windows', () => {
    const old = '# Rescue Logfile\r\n0 +\r\n0 2048 +\r\n2048 2048 -\r\n'
    expect(readMapFile(old, 'x.log').blocks).toHaveLength(2)
  })

  it('is written so that it reads back', () => {
    const map = new ByteMap(0x3000)
    map.mark(range(0x1000, 0x800, 'unread'))
    map.mark(range(0x2000, 0x800, 'bad'))
    expect(readMapFile(writeMapFile(map), 'x.map').blocks.map(({ status }) => status)).toEqual([
      '+',
      '?',
      '+',
      '-',
      '+',
    ])
  })

  it.each([
    ['overlapping ranges', '0 +\n0 100 +\n50 100 -\n'],
    ['ranges that run backwards', '0 +\n100 10 +\n0 10 +\n'],
    ['no ranges', '# nothing\n0 +\n'],
    ['nothing', ''],
    ['words', '0 +\nzero ten +\n'],
    ['another status', '0 +\n0 10 !\n'],
    ['numbers beyond any disc', '0 +\n0xFFFFFFFFFFFFFFFF 10 +\n'],
    ['negative numbers', '0 +\n-5 10 +\n'],
    ['binary', '\0\u0001\u0002'],
  ])('is refused with %s, in one sentence with its name', (_, text) => {
    expect(() => readMapFile(text, 'x.map')).toThrow(MapFileError)
    expect(() => readMapFile(text, 'x.map')).toThrow(/x\.map/)
  })

  it('is refused where it is of an image of another length', () => {
    const read = readMapFile('0 +\n0 4096 +\n', 'x.map')
    for (const length of [2048, 8192])
      expect(() => {
        markFromMapFile(new ByteMap(length), read, length, 'x.map')
      }).toThrow(/another image/)
    // What was never reached need not be in the file.
    expect(() => {
      markFromMapFile(new ByteMap(4096), readMapFile('0 ?\n0 4096 +\n4096 4096 ?\n', 'x.map'), 4096, 'x.map')
    }).not.toThrow()
  })

  it('of very many lines is read in a moment', () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `${i * 2048} 2048 ${i % 2 === 0 ? '+' : '-'}`)
    const text = `0 +\n${lines.join('\n')}\n`
    const map = new ByteMap(409_600_000)
    markFromMapFile(map, readMapFile(text, 'x.map'), 409_600_000, 'x.map')
    expect(map.count('unread')).toBe(204_800_000)
  })
})
