import { describe, expect, it } from 'vitest'
import { listArchive } from '../../../src-renderer/features/preview/archive-listing'
import { isListable } from '../../../src-renderer/base/file-kinds/listable'
import { UnlistableError, type ReadBytes } from '../../../src-renderer/features/preview/archive-types'
import { unpackLzma } from '../../../src-renderer/features/preview/lzma'

/** Made with 7-Zip 24: a list as it is, one that is packed (64 files), and one that is encrypted. */
const PLAIN = fromBase64([
  'N3q8ryccAATif3LuYAAAAAAAAAD6AAAAAAAAABgjxyXhEXkAWF0AM5yUqGVwyafDfzgRSoEegFLCqptONFX1OVWdamv7QGiLf5Iw',
  'xhG/eGSi45T+5GQGGf0lEQNPBM9fmNtAAtHPuYf9GSMptzc6EDLqk3rlaEmBesi9c/oAAAABBAYAAQlgAAcLAQABISEBCQzBehEA',
  'CA0DCQUFCgGlsZVdhqYQNtzIqaYAAAUFDgHADwFAGQcAAAAAAAAAEW8AZQBtAHAAdAB5AAAAbgBvAHQAaABpAG4AZwAuAHQAeAB0',
  'AAAAZABvAGMAcwAvAGcAcgD8AG4ALgB0AHgAdAAAAGQAbwBjAHMALwBvAG4AZQAuAHQAeAB0AAAAegBlAHIAbwBzAC4AYgBpAG4A',
  'AAAZBAAAAAAUKgEAgJJsJoSf2gGAkmwmhJ/aAYCSbCaEn9oBgJJsJoSf2gGAkmwmhJ/aARUWAQAQgO1BIICkgSCApIEggKSBIICk',
  'gQAA',
])
const PACKED = fromBase64([
  'N3q8ryccAAR5Xc0o3wIAAAAAAAAjAAAAAAAAAEd4XWrhEegAp10AGOC8Y6A0kHHAillXV/2BNNd4jLB/ALmPikGO4J5B3V85jVB5',
  '6u6xOynoGvbvPVEZLg4KXZuvGTwQcrscK8U/iaTiNWVzTAQQFT/hoo8BSOvBrWXlkJPDoJBQkDQWHkLWxZfA9YgeMyOFFJJsEQ0U',
  'tKllwaAOEAmRm5Jv8R5TM7j1XtaIqDXJLBD3TU0auL8Kr7jDlza2Vzd7VIRj/39I+TJkexeusQAAAACBMweuD9UwshDXJNP+s3AY',
  'ggwB2MQrREA4X2tK8M5ysNiXvsHMEA0wK/jjtRW5tEDCg56DyzOXKx/0/lbuXeWV2y2FIWUeJ9Sy1yWRGu5kEGb2PWqea4ODX+vG',
  'N3G83haIuzO8Pa/gh2uPtiKB53HDUaYX7AzOotWjG1DXwkbAS0iAItesZ6Fpf/zFPGMwbS860qb+xRWkHfB0RMGoI9u4grNqIJrQ',
  'CrGfgxmLUjkFR8J2AW9poA09YWHshrIeqIUljbe3kEVgNNibEKRamiNCOGkTjDaINWaa3rnYiYelUDLP+l/9h4r9mplchtts8rT0',
  'iqrQBrcX1iS+dwf9aDJGKPjByzA3AnQPj5VhTyKggne0nrTqgp0R4f1eChiG4b2X1znKVFyhPhiaAfv77++I7gVIA++gh1PRpjDf',
  'mt2lTB7s2EeF7vIdp5ukFJLKCjl2BorJ+8TSc3P5KNyeL7TkpakTZWgppsuEEbD2TYQtA8gh7HMRikoQDirE3yxmev4DEUXFFzDa',
  'lis2GzQEIQkQMOcc9zteB+Q3gmA0BEvIv2AUf1nyh0iLH2CRxaeO32j9mN1HYY2zOiIPuUldUWH7WQ5Xu8HIxeJ/66B6ux5PXsVn',
  'h6d2bbI0TeflQ+ZtjZQgE2ZfeMf8tr8arsscbWfmfMh2gbAYpHRVtmpt05OGLFxkuCeR6/YN7CRrjxce8iW3P6rLMi+zjHY6cQSa',
  'kebNIXZ/RzX3rBsv4jdAAAAXBoCvAQmCMAAHCwEAASMDAQEFXQAYAAAMlPIKAYgkFBkAAA==',
])
const SECRET = fromBase64([
  'N3q8ryccAASIg37mkAAAAAAAAAAvAAAAAAAAADRDK4ee05Rtmt553vkyRTc15nBJtBLb6r5pr424rhA30Yd4NVne+PcGD6I1bLwQ',
  'xyvAoftdBq8L6srOPE/0fnbqjIqMnSDzC6cDZT5lhm+/e8bHp5bstXTB5iiFrVW/WbN47mKbOPaMfUJ2v5RlCDRnNIhqsdr6I5xU',
  'Dl8mC/44vLFscMCa/U/22swXJNjRXXzbsykXBhABCYCAAAcLAQABJAbxBwESUw86MeGRp9jKRTFFVLN8srTvDHIKARu4v/QAAA==',
])

function fromBase64(lines: string[]): Buffer {
  return Buffer.from(lines.join(''), 'base64')
}

interface Asked {
  read: ReadBytes
  bytes: number
}

function asked(file: Uint8Array): Asked {
  const counted: Asked = {
    bytes: 0,
    read(at, length) {
      const part = file.subarray(at, at + length)
      counted.bytes += part.byteLength
      return Promise.resolve(part)
    },
  }
  return counted
}

const list = (name: string, file: Uint8Array) => listArchive(name, file.byteLength, asked(file).read)

describe('a 7z archive', () => {
  it('is listed with lengths, times and folders', async () => {
    const { entries, hasMore } = await list('x.7z', PLAIN)
    expect(hasMore).toBe(false)
    const byName = Object.fromEntries(entries.map((entry) => [entry.name, entry]))
    expect(Object.keys(byName).sort()).toEqual(['docs/grün.txt', 'docs/one.txt', 'empty', 'nothing.txt', 'zeros.bin'])
    expect(byName['docs/one.txt']).toMatchObject({ byteLength: 5, isDirectory: false })
    expect(byName['docs/one.txt']?.modified).toBe(Date.UTC(2024, 4, 6, 7, 8, 9))
    expect(byName['docs/grün.txt']?.byteLength).toBe(5)
    expect(byName['zeros.bin']?.byteLength).toBe(70_000)
    expect(byName['nothing.txt']).toMatchObject({ byteLength: 0, isDirectory: false })
    expect(byName.empty).toMatchObject({ isDirectory: true })
  })

  it('is listed where its list is packed, too', async () => {
    const { entries } = await list('x.7z', PACKED)
    expect(entries.filter(({ isDirectory }) => !isDirectory)).toHaveLength(64)
    expect(entries.find(({ name }) => name === 'docs/file-with-a-long-name-42.txt')?.byteLength).toBe(2)
    expect(entries.find(({ name }) => name === 'zeros.bin')?.byteLength).toBe(70_000)
  })

  it('says that its list is encrypted', async () => {
    await expect(list('x.7z', SECRET)).rejects.toMatchObject({ reason: 'encrypted' })
  })

  it('is never read as a list that claims to be huge', async () => {
    const huge = Buffer.from(PLAIN.subarray(0, 32))
    huge.writeBigUInt64LE(1n << 40n, 20)
    await expect(listArchive('x.7z', 2 ** 41, asked(huge).read)).rejects.toBeInstanceOf(UnlistableError)
    huge.writeBigUInt64LE(1n << 60n, 20)
    await expect(listArchive('x.7z', 2 ** 41, asked(huge).read)).rejects.toBeInstanceOf(RangeError)
  })

  it('ends with a word, whichever byte is wrong', async () => {
    let seed = 7
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    let failed = 0
    for (let round = 0; round < 1_500; round++) {
      const whole = round % 2 === 0 ? PLAIN : PACKED
      const damaged = Buffer.from(whole)
      for (let i = 0; i <= round % 3; i++) {
        // The beginning decides where the list is; the list itself is at the end.
        const at = next(3) === 0 ? next(32) : damaged.byteLength - 1 - next(300)
        damaged[at] = next(256)
      }
      try {
        const { entries } = await list('x.7z', damaged)
        expect(entries.length).toBeLessThanOrEqual(20_000)
      } catch (error) {
        expect(error instanceof RangeError || error instanceof UnlistableError, String(error)).toBe(true)
        failed++
      }
    }
    expect(failed).toBeGreaterThan(300)
  })
})

describe('LZMA', () => {
  it('refuses what is none', () => {
    const properties = Uint8Array.of(0x5d, 0, 0, 1, 0)
    expect(() => unpackLzma(properties, Uint8Array.of(1, 2, 3, 4, 5, 6), 10)).toThrow(RangeError)
    expect(() => unpackLzma(Uint8Array.of(255, 0, 0, 1, 0), new Uint8Array(20), 10)).toThrow(RangeError)
    expect(() => unpackLzma(properties, new Uint8Array(8), 100_000)).toThrow(RangeError)
  })
})

/** A cabinet's header and list of files ([MS-CAB] 2.1, 2.3); what would be packed is not there. */
function makeCab(names: readonly string[], claimed = names.length): Buffer {
  const header = Buffer.alloc(44)
  header.write('MSCF', 0, 'latin1')
  header.writeUInt32LE(44, 16)
  header.set([3, 1], 24)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(claimed, 28)
  const files = names.map((name, index) => {
    const file = Buffer.alloc(16)
    file.writeUInt32LE(index * 1_000, 0)
    file.writeUInt16LE(((2003 - 1980) << 9) | (10 << 5) | 24, 10)
    file.writeUInt16LE((13 << 11) | (37 << 5) | 21, 12)
    file.writeUInt16LE(0xa0, 14)
    return Buffer.concat([file, Buffer.from(name), Buffer.from([0])])
  })
  return Buffer.concat([header, ...files])
}

describe('a cabinet', () => {
  it('is listed with its folders', async () => {
    const { entries, hasMore } = await list('x.cab', makeCab(['setup.exe', 'lang\\grün.txt']))
    expect(hasMore).toBe(false)
    expect(entries).toEqual([
      expect.objectContaining({ name: 'setup.exe', byteLength: 0, modified: Date.UTC(2003, 9, 24, 13, 37, 42) }),
      expect.objectContaining({ name: 'lang/grün.txt', byteLength: 1_000 }),
    ])
  })

  it('is read in pieces, over their borders', async () => {
    const names = Array.from({ length: 4_000 }, (_, index) => `folder\\a file with some name ${index}.txt`)
    const { entries } = await list('x.cab', makeCab(names))
    expect(entries.map(({ name }) => name.replace('/', '\\'))).toEqual(names)
  })

  it('is listed as far as it goes, and says that there were to be more', async () => {
    const whole = makeCab(['a.txt', 'b.txt'], 60_000)
    expect(await list('x.cab', whole)).toMatchObject({ hasMore: true, entries: [{ name: 'a.txt' }, { name: 'b.txt' }] })
    expect((await list('x.cab', whole.subarray(0, whole.byteLength - 3))).entries).toHaveLength(1)
    await expect(list('x.cab', Buffer.from('MSCX'.padEnd(60)))).rejects.toBeInstanceOf(RangeError)
    await expect(list('x.cab', Buffer.from('MSCF'))).rejects.toBeInstanceOf(RangeError)
    const noEnd = Buffer.concat([whole.subarray(0, 60), Buffer.alloc(5_000_000, 0x41)])
    const counted = asked(noEnd)
    expect((await listArchive('x.cab', noEnd.byteLength, counted.read)).entries).toEqual([])
    expect(counted.bytes).toBeLessThan(200_000)
  })
})

/** Headers as ar(5) has them. */
function makeAr(members: [string, Buffer][]): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const header = `${name.padEnd(16)}${'1700000000'.padEnd(12)}0     0     100644  ${String(content.byteLength).padEnd(10)}\`\n`
    return [Buffer.from(header, 'latin1'), content, Buffer.alloc(content.byteLength % 2, 10)]
  })
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts])
}

describe('a Debian package', () => {
  it('is listed by its members, long names of both kinds included', async () => {
    const file = makeAr([
      ['//', Buffer.from('a-name-that-is-too-long-for-sixteen.o/\nanother-name-of-that-kind.o/\n')],
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar.xz', Buffer.alloc(301)],
      ['/39', Buffer.alloc(9)],
      ['#1/20', Buffer.concat([Buffer.from('a name of BSD.o'.padEnd(20, '\0')), Buffer.alloc(5)])],
    ])
    const { entries } = await list('x_1.0_amd64.deb', file)
    expect(entries.map(({ name, byteLength }) => [name, byteLength])).toEqual([
      ['debian-binary', 4],
      ['control.tar.xz', 301],
      ['another-name-of-that-kind.o', 9],
      ['a name of BSD.o', 5],
    ])
    expect(entries[0]?.modified).toBe(1_700_000_000_000)
  })

  it('ends where its headers end, and is not read through', async () => {
    const file = makeAr([
      ['data.tar.xz', Buffer.alloc(900_001)],
      ['more', Buffer.alloc(4)],
    ])
    const counted = asked(file)
    expect((await listArchive('x.deb', file.byteLength, counted.read)).entries).toHaveLength(2)
    expect(counted.bytes).toBeLessThan(500)
    expect(
      (await list('x.deb', Buffer.concat([file, Buffer.from('no header at all'.repeat(9))]))).entries,
    ).toHaveLength(2)
    await expect(list('x.deb', Buffer.from('nothing of the kind'))).rejects.toBeInstanceOf(RangeError)
  })
})

it('archives are known by their names', () => {
  for (const name of ['A.7Z', 'data1.cab', 'x_amd64.deb', 'libx.a', 'x.tar.gz', 'x.zip'])
    expect(isListable(name)).toBe(true)
  for (const name of ['x.rar', 'x.txt', 'cab']) expect(isListable(name)).toBe(false)
})
