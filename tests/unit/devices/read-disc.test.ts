import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDisc, type ReadRequest } from '../../../src-main/devices'
import { startMap } from '../../../src-main/devices/read/kept-map'
import { ReadPasses } from '../../../src-main/devices/read/read-passes'
import type { RawSource } from '../../../src-main/devices/read/raw-source'
import { MapFileError } from '../../../src-main/image/core/map-file'
import { RescueMap } from '../../../src-main/devices/read/rescue-map'
import { CancelledError, UNCONTROLLED, type Control } from '../../../src-main/task'
import { SAMPLE, temporaryFolder } from '../support'
import { has, hasLoops, loopDrive, MIB, noise, run } from './drives-for-tests'

const SECTOR = 2048
const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const request = (source: string, target: string, more: Partial<ReadRequest> = {}): ReadRequest => {
  return { source, target, map: null, retries: 1, isReverse: false, ...more }
}

/** A disc some of whose sectors answer with an error, for ever or for so many times. */
class ScratchedDisc implements RawSource {
  readonly path = '/dev/sr0'
  readonly sectorLength = SECTOR
  readonly isDevice = true
  reads = 0

  constructor(
    private readonly bytes: Buffer,
    /** By the number of the sector: how often it fails. */
    private readonly bad: Map<number, number>,
  ) {}

  get byteLength(): number {
    return this.bytes.byteLength
  }

  read(into: Buffer, at: number): Promise<void> {
    this.reads++
    for (let sector = Math.floor(at / SECTOR); sector * SECTOR < at + into.byteLength; sector++) {
      const left = this.bad.get(sector) ?? 0
      if (left <= 0) continue
      this.bad.set(sector, left - 1)
      return Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
    }
    this.bytes.copy(into, 0, at, at + into.byteLength)
    return Promise.resolve()
  }

  close(): void {
    // It is memory.
  }
}

async function rescue(
  disc: ScratchedDisc,
  options: { retries?: number; isReverse?: boolean } = {},
): Promise<{ map: RescueMap; out: Buffer }> {
  const map = new RescueMap(disc.byteLength)
  const out = Buffer.alloc(disc.byteLength)
  const write = (bytes: Buffer, at: number): void => {
    bytes.copy(out, at)
  }
  const passes = new ReadPasses(
    disc,
    map,
    { write, save: () => undefined },
    { retries: 0, isReverse: false, ...options },
    UNCONTROLLED,
  )
  await passes.run()
  return { map, out }
}

describe('a disc that is scratched', () => {
  const bytes = noise(3 * MIB + 5 * SECTOR)
  const scratches = (): Map<number, number> => new Map([100, 101, 103, 700, 1540].map((sector) => [sector, Infinity]))
  const expected = [
    { byteOffset: 100 * SECTOR, byteLength: 2 * SECTOR, status: '-' },
    { byteOffset: 103 * SECTOR, byteLength: SECTOR, status: '-' },
    { byteOffset: 700 * SECTOR, byteLength: SECTOR, status: '-' },
    { byteOffset: 1540 * SECTOR, byteLength: SECTOR, status: '-' },
  ]

  it.each([false, true])('gives every sector that can be read, and no other (from its end: %s)', async (isReverse) => {
    const { map, out } = await rescue(new ScratchedDisc(bytes, scratches()), { isReverse })
    expect(map.of('-', '?', '*', '/')).toEqual(expected)
    const wanted = Buffer.from(bytes)
    for (const { byteOffset, byteLength } of expected) wanted.fill(0, byteOffset, byteOffset + byteLength)
    expect(out.equals(wanted)).toBe(true)
  })

  it('reads what gives in at last', async () => {
    const giving = (): ScratchedDisc => new ScratchedDisc(bytes, new Map([[700, 5]]))
    expect((await rescue(giving(), { retries: 0 })).map.sum('-')).toBe(SECTOR)
    const { map, out } = await rescue(giving(), { retries: 4 })
    expect(map.of('+')).toEqual([{ byteOffset: 0, byteLength: bytes.byteLength, status: '+' }])
    expect(out.equals(bytes)).toBe(true)
  })

  it('reads in large pieces where nothing is wrong', async () => {
    const disc = new ScratchedDisc(bytes, new Map())
    await rescue(disc)
    expect(disc.reads).toBe(4)
  })

  it('stops where the drive is gone', async () => {
    const disc = new ScratchedDisc(bytes, new Map())
    disc.read = () => Promise.reject(Object.assign(new Error('ENXIO'), { code: 'ENXIO' }))
    await expect(rescue(disc)).rejects.toMatchObject({ code: 'ENXIO' })
  })

  it.each(
    (['?', '*', '/', '-'] as const).flatMap((status) => [false, true].map((isReverse) => [status, isReverse] as const)),
  )('is begun with at once where a terabyte is to be read (%s, from its end: %s)', async (status, isReverse) => {
    const disc = new ScratchedDisc(Buffer.alloc(0), new Map())
    const places: number[] = []
    disc.read = (_, at) => {
      places.push(at)
      return Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
    }
    const control: Control = {
      checkpoint: () => {
        if (places.length >= 4) throw new CancelledError()
      },
      progress: () => undefined,
    }
    const map = new RescueMap(2 ** 40)
    map.mark(0, 2 ** 40, status)
    const passes = new ReadPasses(
      disc,
      map,
      { write: () => undefined, save: () => undefined },
      { retries: 1, isReverse },
      control,
    )
    await expect(passes.run()).rejects.toMatchObject({ code: 'CANCELLED' })
    const end = 2 ** 40
    const first = isReverse ? end - (status === '?' ? MIB : SECTOR) : 0
    expect(places[0]).toBe(status === '*' ? 0 : first)
    if (status === '*') expect(places.slice(1, 3)).toEqual([end - SECTOR, isReverse ? end - 2 * SECTOR : SECTOR])
  })

  it('has a map that others read', async () => {
    const { map } = await rescue(new ScratchedDisc(bytes, scratches()))
    const text = map.format()
    expect(RescueMap.parse(text, bytes.byteLength, 'a.map').format()).toBe(text)
    if (!has('ddrescuelog')) return
    const file = path.join(temporaryFolder(), 'map')
    fs.writeFileSync(file, text)
    expect(run('ddrescuelog', '--show-status', file)).toMatch(/bad-sector:\s+10240 B,\s+in\s+4 area/)
    expect(run('ddrescuelog', '--list-blocks=-', '--block-size=2048', file).split('\n').map(Number)).toEqual([
      100, 101, 103, 700, 1540,
    ])
  })

  it('takes a map for what it says, and nothing else for one', () => {
    const map = RescueMap.parse('# x\n0x0 + 1\n0x0 0x800 +\n0x800 0x800 -\n', 3 * SECTOR, 'a.map')
    expect(map.of('+', '-', '?').map(({ status }) => status)).toEqual(['+', '-', '?'])
    expect(() => RescueMap.parse('hello', 10, 'a.map')).toThrow(MapFileError)
    expect(() => RescueMap.parse('0x0 + 1\n0x0 zz +', 10, 'a.map')).toThrow(/a\.map .*line 2/)
  })
})

describe('reading into a file', () => {
  it('gives the same bytes and their sum', async () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    const bytes = fs.readFileSync(SAMPLE)
    expect(await readDisc(request(SAMPLE, target), UNCONTROLLED)).toMatchObject({
      sha256: sumOf(bytes),
      bad: [],
      byteLength: bytes.byteLength,
    })
    expect(fs.readFileSync(target).equals(bytes)).toBe(true)
  })

  it('goes on from its map', async () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source.img')
    const [target, map] = [path.join(folder, 'out.iso'), path.join(folder, 'out.map')]
    const bytes = noise(9 * MIB + 100)
    fs.writeFileSync(source, bytes)
    let checks = 0
    const control: Control = {
      checkpoint: () => {
        if (++checks > 4) throw new CancelledError()
      },
      progress: () => undefined,
    }
    await expect(readDisc(request(source, target, { map }), control)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(RescueMap.parse(fs.readFileSync(map, 'utf8'), bytes.byteLength, map).sum('+')).toBe(4 * MIB)
    const result = await readDisc(request(source, target, { map }), UNCONTROLLED)
    expect(result).toMatchObject({ isResumed: true, sha256: sumOf(bytes) })
    expect(fs.readFileSync(target).equals(bytes)).toBe(true)
  })

  it('leaves nothing without a map', async () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    const control: Control = {
      checkpoint: () => {
        throw new CancelledError()
      },
      progress: () => undefined,
    }
    await expect(readDisc(request(SAMPLE, target), control)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(fs.existsSync(target)).toBe(false)
  })

  it('never writes onto what it reads, or over what is there', async () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source.img')
    fs.writeFileSync(source, noise(MIB))
    fs.linkSync(source, path.join(folder, 'hard.img'))
    fs.writeFileSync(path.join(folder, 'there.iso'), 'there')
    for (const target of [source, path.join(folder, 'hard.img')])
      await expect(
        readDisc(request(source, target, { map: path.join(folder, 'map') }), UNCONTROLLED),
      ).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
    await expect(readDisc(request(source, path.join(folder, 'there.iso')), UNCONTROLLED)).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    })
    await expect(
      readDisc(request(source, path.join(folder, 'x'), { map: source }), UNCONTROLLED),
    ).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
    expect(fs.readFileSync(source).equals(noise(MIB))).toBe(true)
  })

  it.skipIf(!hasLoops)(
    'reads as much of a drive as was recorded, and not onto itself (loop devices, as root)',
    async () => {
      const { device } = loopDrive(16 * MIB)
      const bytes = fs.readFileSync(SAMPLE)
      run('dd', `if=${SAMPLE}`, `of=${device}`, 'bs=1M', 'conv=fsync', 'status=none')
      const target = path.join(temporaryFolder(), 'out.iso')
      expect(await readDisc(request(device, target), UNCONTROLLED)).toMatchObject({
        byteLength: bytes.byteLength,
        sha256: sumOf(bytes),
      })
      await expect(readDisc(request(device, device), UNCONTROLLED)).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
    },
  )
})

describe('a map', () => {
  const files = (): { folder: string; source: string; target: string; map: string } => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source.img')
    fs.writeFileSync(source, noise(3 * MIB))
    return { folder, source, target: path.join(folder, 'out.iso'), map: path.join(folder, 'out.map') }
  }

  it.each<[string, (map: string) => void]>([
    ['text', (map) => fs.writeFileSync(map, 'my thesis\n')],
    ['an empty file', (map) => fs.writeFileSync(map, '')],
    ['a link to what is no map', (map) => fs.symlinkSync(SAMPLE, map)],
    ['a folder', (map) => fs.mkdirSync(map)],
  ])('is never written over %s', async (_, make) => {
    const { source, target, map } = files()
    make(map)
    const before = fs.lstatSync(map).isDirectory() ? null : fs.readFileSync(map)
    await expect(readDisc(request(source, target, { map }), UNCONTROLLED)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('no map of ddrescue') as unknown,
    })
    if (before !== null) expect(fs.readFileSync(map).equals(before)).toBe(true)
    expect(fs.existsSync(target)).toBe(false)
  })

  it('is kept where a link leads', async () => {
    const { folder, source, target, map } = files()
    await readDisc(request(source, target, { map }), UNCONTROLLED)
    const link = path.join(folder, 'link.map')
    fs.symlinkSync(map, link)
    expect(await readDisc(request(source, target, { map: link }), UNCONTROLLED)).toMatchObject({ isResumed: true })
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true)
  })

  it('is never the image itself, by whatever name', async () => {
    const { folder, source, target } = files()
    fs.symlinkSync(folder, path.join(folder, 'same'))
    for (const map of [target, path.join(folder, 'same', 'out.iso')])
      await expect(readDisc(request(source, target, { map }), UNCONTROLLED)).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    expect(fs.existsSync(target)).toBe(false)
  })

  it('is gone on with where two places cannot be read again, or whoever asked gives up', async () => {
    const { target, map: mapPath } = files()
    fs.writeFileSync(target, noise(3 * MIB))
    fs.writeFileSync(mapPath, `0x0 + 1\n0x0 0x${(3 * MIB).toString(16)} +\n`)
    const disc = new ScratchedDisc(
      noise(3 * MIB),
      new Map(Array.from({ length: 3 * 512 }, (_, sector) => [sector, Infinity])),
    )
    const start = { source: disc, byteLength: 3 * MIB, target, mapPath }
    const control: Control = {
      checkpoint: () => {
        if (disc.reads === 1) throw new CancelledError()
      },
      progress: () => undefined,
    }
    await expect(startMap(start, control)).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(disc.reads).toBe(1)
    expect((await startMap(start, UNCONTROLLED)).isResumed).toBe(true)
    expect(disc.reads).toBe(3)
  })

  it('of another source is not gone on from', async () => {
    const { folder, source, target, map } = files()
    await readDisc(request(source, target, { map }), UNCONTROLLED)
    const before = fs.readFileSync(target)
    const [longer, other] = [path.join(folder, 'longer.img'), path.join(folder, 'other.img')]
    fs.writeFileSync(longer, noise(4 * MIB))
    const bytes = noise(3 * MIB)
    bytes.fill(0, 2 * MIB)
    fs.writeFileSync(other, bytes)
    for (const [named, sentence] of [
      [longer, 'made of something else'],
      [other, 'not the same disc'],
    ] as const)
      await expect(readDisc(request(named, target, { map }), UNCONTROLLED)).rejects.toThrow(sentence)
    expect(fs.readFileSync(target).equals(before)).toBe(true)
  })

  it.skipIf(!hasLoops || !has('mkfs.ext4'))(
    'does not lie on what is read, and neither does the image (loop devices, as root)',
    async () => {
      const { device, file } = loopDrive(16 * MIB)
      run('mkfs.ext4', '-q', device)
      const folder = temporaryFolder()
      run('mount', device, folder)
      try {
        const elsewhere = path.join(temporaryFolder(), 'out.iso')
        for (const wish of [
          request(device, elsewhere, { map: path.join(folder, 'm.map') }),
          request(device, path.join(folder, 'out.iso')),
          request(file, path.join(folder, 'out.iso')),
        ])
          await expect(readDisc(wish, UNCONTROLLED)).rejects.toMatchObject({ code: 'DRIVE_REFUSED' })
        expect(fs.readdirSync(folder)).toEqual(['lost+found'])
      } finally {
        run('umount', folder)
      }
    },
  )
})

describe('an image without a map', () => {
  it('gets its name when it is finished', async () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    let seen = true
    const control: Control = {
      checkpoint: () => {
        seen = fs.existsSync(target)
      },
      progress: () => undefined,
    }
    await readDisc(request(SAMPLE, target), control)
    expect(seen).toBe(false)
    expect(fs.readdirSync(path.dirname(target))).toEqual(['out.iso'])
  })

  it.skipIf(!hasLoops)('says in a sentence that its disk is full, and leaves nothing (as root)', async () => {
    const folder = temporaryFolder()
    run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder)
    try {
      const source = path.join(temporaryFolder(), 'source.img')
      fs.writeFileSync(source, noise(3 * MIB))
      for (const map of [null, path.join(folder, 'm')]) {
        const target = path.join(folder, map === null ? 'a.iso' : 'b.iso')
        await expect(readDisc(request(source, target, { map }), UNCONTROLLED)).rejects.toMatchObject({
          code: 'NO_SPACE',
          message: expect.stringContaining('There is no space left') as unknown,
        })
      }
      expect(fs.readdirSync(folder).filter((name) => !['b.iso', 'm'].includes(name))).toEqual([])
    } finally {
      run('umount', folder)
    }
  })
})

describe.skipIf(!hasLoops || !has('qemu-storage-daemon') || !fs.existsSync('/dev/fuse'))(
  'a file with sectors that cannot be read (qemu-storage-daemon, as root)',
  () => {
    it('loses those sectors, and nothing beside them', async () => {
      const folder = temporaryFolder()
      const [backing, config, faulty] = ['disk.img', 'errors', 'faulty.img'].map((name) => path.join(folder, name))
      if (backing === undefined || config === undefined || faulty === undefined)
        throw new RangeError('There are three.')
      const bytes = noise(8 * MIB)
      fs.writeFileSync(backing, bytes)
      fs.writeFileSync(faulty, '')
      const fault = (sector: number): string =>
        `[inject-error]\nevent = "read_aio"\nerrno = "5"\nsector = "${sector}"\nonce = "off"\n`
      fs.writeFileSync(config, `${fault(3000)}\n${fault(9001)}`)
      const daemon = spawn('qemu-storage-daemon', [
        ...['--blockdev', `driver=file,filename=${backing},node-name=f`],
        ...['--blockdev', `driver=blkdebug,config=${config},image=f,node-name=b`],
        ...['--blockdev', 'driver=raw,file=b,node-name=r'],
        ...['--export', `type=fuse,id=e,node-name=r,mountpoint=${faulty}`],
      ])
      const ended = new Promise((resolve) => daemon.once('exit', resolve))
      try {
        await expect.poll(() => fs.statSync(faulty).size, { timeout: 5000 }).toBe(8 * MIB)
        const target = path.join(folder, 'out.iso')
        const { bad } = await readDisc(request(faulty, target), UNCONTROLLED)
        expect(bad).toEqual([3000, 9001].map((sector) => ({ byteOffset: sector * 512, byteLength: 512, files: [] })))
        for (const { byteOffset } of bad) bytes.fill(0, byteOffset, byteOffset + 512)
        expect(fs.readFileSync(target).equals(bytes)).toBe(true)
      } finally {
        daemon.kill()
        await ended
      }
    })
  },
)
