import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { saveFinds, Search, type Find, type SavedFind } from '../../../src-main/find'
import { ScanMap } from '../../../src-main/find/scan-map'
import { scan } from '../../../src-main/find/scanner'
import { SourceError } from '../../../src-main/image'
import { CancelledError, UNCONTROLLED } from '../../../src-main/task'
import { buildExfat } from '../../images/exfat-builder'
import { buildFat } from '../../images/fat-builder'
import { namedIso } from '../../images/named-iso'
import { sampleImage } from '../../images/small-tree'
import { itWith } from '../desktop/programs'
import { noise } from '../rescue/noise'
import { temporaryFolder } from '../support'

const SECTOR = 2048
/** Two files that fill no sector to its end, behind the folders. */
const ISO = Buffer.from(
  namedIso({ 'first.bin': noise(20 * SECTOR + 700, 11), 'second.bin': noise(30 * SECTOR + 99, 12) }, 'FIRST'),
)
const OTHER = Buffer.from(namedIso({ 'third.bin': noise(40 * SECTOR + 5, 13), 'fourth.bin': noise(700, 14) }, 'OTHER'))
const SAMPLE = Buffer.from(sampleImage('sample.iso'))
const SUMMED = Buffer.from(sampleImage('summed.iso.zst'))

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

interface Searched {
  finds: Find[]
  search: Search
  disk: Buffer
}

async function searched(disk: Uint8Array, options: Partial<Parameters<typeof Search.run>[0]> = {}): Promise<Searched> {
  const sourcePath = path.join(folder, 'disk.img')
  fs.writeFileSync(sourcePath, disk)
  const request = { sourcePath, mapPath: null, isMapRequired: true, isResumed: false, isSummed: true, ...options }
  const finds: Find[] = []
  const search = await Search.run(request, UNCONTROLLED, (find) => finds.push(find))
  onTestFinished(() => {
    search.close()
  })
  expect(finds).toEqual(search.finds)
  return { finds, search, disk: Buffer.from(disk) }
}

function bytesOf({ disk }: Searched, { fragments }: Find): Buffer {
  return Buffer.concat(
    fragments.map(([at, length]) => (at === null ? Buffer.alloc(length) : disk.subarray(at, at + length))),
  )
}

/** State, origin, name, pieces, and whether its bytes are those of an image. */
function told(all: Searched, images: Record<string, Buffer>): string[] {
  return all.finds.map((find) => {
    const bytes = bytesOf(all, find)
    const [same = '-'] = Object.entries(images).find(([, image]) => image.equals(bytes)) ?? []
    return `${find.state} ${find.origin} ${find.name} ${find.fragments.length} ${same}`
  })
}

const random = (sectors: number, seed: number): Buffer => Buffer.from(noise(sectors * 512, seed))

describe('what nothing leads to', () => {
  it('is found at every multiple of 512 bytes, and what lies inside of it is a part of it', async () => {
    const outer = Buffer.from(namedIso({ 'inner.bin': ISO, 'x.bin': noise(3000, 5) }, 'OUTER'))
    const disk = Buffer.concat([random(7, 1), ISO, random(33, 2), outer, random(100, 3)])
    expect(told(await searched(disk), { ISO, outer })).toEqual([
      'whole unnamed FIRST.iso 1 ISO',
      'whole unnamed OUTER.iso 1 outer',
    ])
  })

  it('is found by the anchor of UDF', async () => {
    const udf = Buffer.from(sampleImage('udf102.img.zst'))
    const disk = Buffer.concat([random(9, 1), udf, random(9, 3)])
    expect(told(await searched(disk), { udf })).toEqual([expect.stringMatching(/^whole unnamed .*\.iso 1 udf$/)])
  })

  it('is found as raw sectors', async () => {
    const raw = Buffer.concat(
      Array.from({ length: ISO.byteLength / SECTOR }, (_, index) => {
        const header = Buffer.from([0, ...new Array<number>(10).fill(0xff), 0, 0, 2, index % 75, 1])
        return Buffer.concat([header, ISO.subarray(index * SECTOR, (index + 1) * SECTOR), Buffer.alloc(288)])
      }),
    )
    const disk = Buffer.concat([random(3, 1), raw, random(99, 2)])
    const [find] = (await searched(disk)).finds
    expect(find).toMatchObject({ byteOffset: 3 * 512, byteLength: raw.byteLength, name: 'FIRST.bin' })
  })

  it('is partly overwritten where another file lies between its own, and begins only where its folders are gone', async () => {
    const over = Buffer.from(ISO)
    over.set(random(64, 9), over.byteLength - 64 * 512)
    const begins = Buffer.from(OTHER)
    begins.fill(0, 17 * SECTOR)
    const disk = Buffer.concat([random(1, 1), over, random(8, 2), begins.subarray(0, 40 * SECTOR), random(200, 3)])
    expect(told(await searched(disk), {})).toEqual([
      'partly-overwritten unnamed FIRST.iso 1 -',
      expect.stringMatching(/^begins-only unnamed Image at \d+\.iso 1 -$/),
    ])
  })

  it('is proven by its sums, and partly overwritten where they do not fit', async () => {
    const damaged = Buffer.from(SUMMED)
    damaged[damaged.byteLength >> 1]! ^= 1
    const found = await searched(Buffer.concat([random(1, 1), SUMMED, random(3, 2), damaged, random(9, 3)]))
    expect(found.finds.map(({ state }) => state)).toEqual(['proven', 'partly-overwritten'])
    expect((await searched(SUMMED, { isSummed: false })).finds.map(({ state }) => state)).toEqual(['whole'])
  })

  it('is nothing where numbers in both byte orders differ', async () => {
    const lie = Buffer.from(ISO)
    lie[16 * SECTOR + 80]! ^= 1
    expect((await searched(Buffer.concat([random(1, 1), lie]))).finds).toEqual([])
  })
})

describe('exFAT', () => {
  /** Clears the bits of what is in use: of the entries of a file, and of all clusters from its first on. */
  function deleted(volume: Uint8Array, name: string): Uint8Array {
    const bytes = Buffer.from(volume)
    const at = bytes.indexOf(Buffer.from(name, 'utf16le')) - 66
    for (let entry = at; entry < at + (bytes[at + 1]! + 1) * 32; entry += 32) bytes[entry]! &= 0x7f
    const [fat, heap, bitmap] = [24 * 512, 32 * 512, 32 * 512]
    const length = Number(bytes.readBigUInt64LE(at + 32 + 24))
    const isRow = (bytes[at + 33]! & 2) !== 0
    let cluster = bytes.readUInt32LE(at + 32 + 20)
    for (let done = 0; done < length; done += 4096) {
      bytes[bitmap + ((cluster - 2) >> 3)]! &= ~(1 << ((cluster - 2) & 7))
      cluster = isRow ? cluster + 1 : bytes.readUInt32LE(fat + cluster * 4)
    }
    expect(heap).toBe(bitmap)
    return bytes
  }

  const volume = buildExfat([
    { name: 'live.iso', data: ISO },
    { name: 'folder', children: [{ name: 'in pieces', data: OTHER, isFragmented: true }] },
    { name: 'row.iso', data: SAMPLE },
  ])

  it('gives live files, deleted ones in a row, and deleted ones by the links of their clusters', async () => {
    const disk = deleted(deleted(volume, 'in pieces'), 'row.iso')
    expect(told(await searched(disk), { ISO, OTHER, SAMPLE }).toSorted()).toEqual([
      `whole deleted in pieces ${Math.ceil(OTHER.byteLength / 4096)} OTHER`,
      'whole deleted row.iso 1 SAMPLE',
      'whole file live.iso 1 ISO',
    ])
  })

  it('says that clusters are in use by others', async () => {
    const disk = deleted(volume, 'row.iso')
    const bitmap = 32 * 512
    const place = Buffer.from(disk).indexOf(SAMPLE)
    const cluster = (place + SAMPLE.byteLength - 1 - bitmap) >> 12
    disk[bitmap + (cluster >> 3)]! |= 1 << (cluster & 7)
    const states = (await searched(disk)).finds.map(({ name, state }) => `${name} ${state}`)
    expect(states).toContain('row.iso partly-overwritten')
  })
})

describe('FAT', () => {
  it('gives files in pieces that are there', async () => {
    const disk = buildFat(16, [{ name: 'folder', children: [{ name: 'x', data: ISO }] }])
    const found = told(await searched(disk), { ISO })
    expect(found).toEqual([`whole file x ${Math.ceil(ISO.byteLength / 512)} ISO`])
  })

  const env = { ...process.env, MTOOLS_SKIP_CHECK: '1', PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const tool = (program: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program}: ${stderr}`)
  }
  const put = (name: string, bytes: Uint8Array): void => {
    fs.writeFileSync(path.join(folder, 'file'), bytes)
    tool('mcopy', '-i', 'fat', 'file', `::${name}`)
  }

  itWith('mdel', 'gives deleted files in a row, in folders, on a partition, with their long names', async () => {
    fs.writeFileSync(path.join(folder, 'fat'), Buffer.from(buildFat(16, [])))
    tool('mmd', '-i', 'fat', '::sub')
    put('sub/a long name of the first.iso', ISO)
    put('other.iso', OTHER)
    tool('mdel', '-i', 'fat', '::sub/a long name of the first.iso')
    const table = Buffer.alloc(1 << 20)
    const fat = fs.readFileSync(path.join(folder, 'fat'))
    table.set([0, 0, 0, 0, 6], 446)
    table.writeUInt32LE(2048, 446 + 8)
    table.writeUInt32LE(fat.byteLength / 512, 446 + 12)
    table.writeUInt16LE(0xaa55, 510)
    expect(told(await searched(Buffer.concat([table, fat])), { ISO, OTHER }).toSorted()).toEqual([
      'whole deleted a long name of the first.iso 1 ISO',
      'whole file other.iso 1 OTHER',
    ])
  })

  itWith('mdel', 'tells what was written around other files from what was written over by them', async () => {
    fs.writeFileSync(path.join(folder, 'fat'), Buffer.from(buildFat(16, [])))
    put('gap', random(130, 4))
    put('stays', random(20, 5))
    tool('mdel', '-i', 'fat', '::gap')
    put('around.iso', ISO)
    tool('mdel', '-i', 'fat', '::around.iso')
    const around = await searched(fs.readFileSync(path.join(folder, 'fat')))
    expect(told(around, { ISO })).toEqual(['whole deleted _round.iso 2 ISO'])
    expect(around.finds[0]?.isAssumed).toBe(true)
    fs.writeFileSync(path.join(folder, 'fat'), Buffer.from(buildFat(16, [])))
    put('gap', random(100, 4))
    put('over.iso', ISO)
    tool('mdel', '-i', 'fat', '::gap')
    tool('mdel', '-i', 'fat', '::over.iso')
    put('new', random(100, 6))
    put('newer', random(90, 7))
    expect((await searched(fs.readFileSync(path.join(folder, 'fat')))).finds.map(({ state }) => state)).not.toContain(
      'whole',
    )
  })
})

describe('FAT32', () => {
  it('gives an image the name of an entry that has lost the upper half of its first cluster', async () => {
    const disk = Buffer.from(buildFat(32, [{ name: 'An image.iso', data: Buffer.from('short') }]))
    const entry = disk.indexOf('short') > 0 ? disk.indexOf(Buffer.from('An im', 'utf16le')) - 1 : -1
    const short = entry + 32
    for (const at of [entry, short]) disk[at] = 0xe5
    const cluster = 65_536 + 300
    disk.writeUInt16LE(0, short + 20)
    disk.writeUInt16LE(300, short + 26)
    const length = ISO.byteLength + 1000
    disk.writeUInt32LE(length, short + 28)
    const data = disk.byteLength - 66_000 * 512
    // Clusters of 512 bytes: the last 100 KB of a volume that is made a little longer.
    const longer = Buffer.concat([disk, Buffer.alloc(300 * 512)])
    longer.writeUInt32LE(longer.byteLength / 512, 32)
    ISO.copy(longer, data + (cluster - 2) * 512)
    const all = await searched(longer)
    expect(all.finds).toMatchObject([{ name: 'An image.iso', origin: 'deleted', state: 'whole', byteLength: length }])
    expect(bytesOf(all, all.finds[0]!).subarray(0, ISO.byteLength).equals(ISO)).toBe(true)
  })
})

describe('NTFS', () => {
  it('gives what is there, with holes, and what was deleted, in pieces and proven', async () => {
    const found = await searched(sampleImage('ntfs/deleted.img.zst'))
    expect(told(found, { SAMPLE, SUMMED })).toEqual([
      'whole file there.iso 2 SAMPLE',
      'whole deleted größe in pieces.iso 4 SAMPLE',
      'proven deleted summed 1 SUMMED',
    ])
  })
})

describe('a disk that cannot be read everywhere', () => {
  it('is read past that, to the sector, and the rest is looked at', async () => {
    const disk = Buffer.concat([random(4097, 1), ISO, random(5000, 2)])
    const bad = 300 * 512
    const source = {
      byteLength: disk.byteLength,
      readInto(target: Uint8Array, byteOffset: number): number {
        if (byteOffset < bad + 1024 && byteOffset + target.byteLength > bad)
          throw new SourceError('SOURCE_UNREADABLE', 'bad', { byteOffset: bad })
        return disk.copy(target, 0, byteOffset)
      },
    }
    const map = new ScanMap(null, disk.byteLength, false)
    const starts: number[] = []
    await scan(source, map, UNCONTROLLED, (found) => {
      starts.push(...found)
      return Promise.resolve()
    })
    expect(starts).toContain(4097 * 512)
    expect(map.badByteLength).toBe(1024)
    expect(map.badIn([bad - 512, 1024, -1, 99])).toBe(512)
    expect(map.isDone(0, disk.byteLength)).toBe(true)
  })
})

describe('maps and copies', () => {
  const disk = Buffer.concat([random(7, 1), ISO, random(33, 2), OTHER, random(100, 3)])

  it('goes on where it stopped, with the same numbers, and reads nothing twice', async () => {
    const mapPath = path.join(folder, 'a.map')
    const first = await searched(disk, { mapPath })
    expect(fs.readFileSync(mapPath, 'utf8')).toMatch(
      /^# Mapfile[\s\S]*\n0x00000000 {2}0x[0-9A-F]{8} {2}\+\n# found at 3584\n/,
    )
    const second = await searched(disk, { mapPath, isResumed: true })
    expect(second.finds).toEqual(first.finds)
    await expect(searched(disk.subarray(512), { mapPath, isResumed: true })).rejects.toMatchObject({ code: 'BAD_MAP' })
  })

  it('keeps its map when it is cancelled', async () => {
    const sourcePath = path.join(folder, 'long.img')
    fs.writeFileSync(sourcePath, disk)
    fs.truncateSync(sourcePath, 40 << 20)
    const mapPath = path.join(folder, 'b.map')
    const request = { sourcePath, mapPath, isMapRequired: true, isResumed: false, isSummed: true }
    let done = 0
    const control = {
      checkpoint: () => {
        if (done >= 8 << 20) throw new CancelledError()
      },
      progress: ({ bytesDone = 0 }) => {
        done = bytesDone
      },
    }
    await expect(Search.run(request, control, () => undefined)).rejects.toThrow(CancelledError)
    expect(fs.readFileSync(mapPath, 'utf8')).toContain('0x00000000  0x00800000  +\n0x00800000  0x02000000  ?\n')
    const search = await Search.run({ ...request, isResumed: true }, UNCONTROLLED, () => undefined)
    search.close()
    expect(search.finds).toHaveLength(2)
  })

  it('saves copies under free names, and says what their checks say', async () => {
    const { search } = await searched(Buffer.concat([disk, SUMMED]))
    const to = path.join(folder, 'to')
    fs.mkdirSync(to)
    fs.writeFileSync(path.join(to, 'FIRST.iso'), 'mine')
    const saved: SavedFind[] = []
    await saveFinds(search, [1, 3], to, UNCONTROLLED, (one) => saved.push(one))
    expect(saved.map(({ path: file, verdict, problem }) => [path.basename(file), verdict, problem])).toEqual([
      ['FIRST (2).iso', 'nothing-to-check', null],
      [expect.stringMatching(/\.iso$/), 'passed', null],
    ])
    expect(fs.readFileSync(saved[0]!.path).equals(ISO)).toBe(true)
    expect(fs.readFileSync(saved[1]!.path).equals(SUMMED)).toBe(true)
    expect(fs.readFileSync(path.join(to, 'FIRST.iso'), 'utf8')).toBe('mine')
    await expect(saveFinds(search, [9], to, UNCONTROLLED, () => undefined)).rejects.toMatchObject({
      code: 'NO_SUCH_PATH',
    })
  })
})

describe('disks that lie', () => {
  const exfat = (): Uint8Array =>
    buildExfat([
      { name: 'a.iso', data: ISO, isFragmented: true },
      { name: 'f', children: [] },
    ])
  it.each([
    ['exFAT', exfat, 160],
    ['NTFS', () => sampleImage('ntfs/deleted.img.zst'), 24],
    ['FAT', () => buildFat(16, [{ name: 'a.iso', data: ISO }]), 60],
    ['descriptors', () => Buffer.concat([ISO, SAMPLE]), 100],
  ])(
    'end, whatever bytes of them are others: %s',
    async (_, make, rounds) => {
      let state = 7
      const next = (below: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        return Math.floor((state / 2 ** 32) * below)
      }
      for (let round = 0; round < rounds; round++) {
        const disk = Buffer.from(make())
        // Most of what describes files lies at the beginning.
        for (let change = 0; change < 12; change++)
          disk[next(change % 3 === 0 ? disk.byteLength : Math.min(disk.byteLength, 200_000))] = [
            0,
            0xff,
            0x7f,
            next(256),
          ][next(4)]!
        const { search } = await searched(disk, { isSummed: false })
        search.close()
      }
    },
    60_000,
  )

  it('cost no more than they hold: a descriptor in every sector', async () => {
    const disk = Buffer.alloc(4 << 20)
    for (let at = 0; at + SECTOR <= disk.byteLength; at += SECTOR) ISO.copy(disk, at, 16 * SECTOR, 17 * SECTOR)
    const { finds } = await searched(disk)
    expect(finds.length).toBeLessThan(3)
  })
})
