import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { isInstalled, itWith, run } from '../unit/desktop/programs'
import { temporaryFolder, treeOf } from '../unit/support'

const SECTOR = 2048

interface VideoSet {
  stem: string
  magic: string
  ifoSectors: number
  menuSectors: number
  titleSectors: readonly number[]
  /** Sectors between the parts that belong to none. */
  gap?: number
}

/** An IFO by the public structure: the fields that say where files lie, and nothing else (all numbers big-endian). */
function writeSet(folder: string, { stem, magic, ifoSectors, menuSectors, titleSectors, gap = 0 }: VideoSet): void {
  const menuAt = ifoSectors + gap
  const titleAt = menuAt + menuSectors + gap
  const titles = titleSectors.reduce((sum, each) => sum + each, 0)
  const backupAt = titleAt + titles + gap
  const ifo = Buffer.alloc(ifoSectors * SECTOR)
  ifo.write(magic, 0, 'latin1')
  ifo.writeUInt32BE(backupAt + ifoSectors - 1, 0x0c)
  ifo.writeUInt32BE(ifoSectors - 1, 0x1c)
  ifo.writeUInt16BE(1, 0x3e)
  if (menuSectors > 0) ifo.writeUInt32BE(menuAt, 0xc0)
  if (titles > 0) ifo.writeUInt32BE(titleAt, 0xc4)
  const at = (name: string): string => path.join(folder, name)
  const base = stem.replace(/_0$/, '')
  fs.writeFileSync(at(`${stem}.IFO`), ifo)
  fs.writeFileSync(at(`${stem}.BUP`), ifo)
  if (menuSectors > 0) fs.writeFileSync(at(`${stem}.VOB`), Buffer.alloc(menuSectors * SECTOR, 'menu'))
  for (const [index, count] of titleSectors.entries())
    fs.writeFileSync(at(`${base}_${index + 1}.VOB`), Buffer.alloc(count * SECTOR, `title ${index}`))
}

const MANAGER: VideoSet = { stem: 'VIDEO_TS', magic: 'DVDVIDEO-VMG', ifoSectors: 5, menuSectors: 20, titleSectors: [] }
const FIRST: VideoSet = {
  stem: 'VTS_01_0',
  magic: 'DVDVIDEO-VTS',
  ifoSectors: 9,
  menuSectors: 7,
  titleSectors: [300, 120],
}
/** Neither menu nor much of a film: IFO and copy would lie beside one another. */
const SHORT: VideoSet = { stem: 'VTS_02_0', magic: 'DVDVIDEO-VTS', ifoSectors: 2, menuSectors: 0, titleSectors: [1] }

function source(sets: readonly VideoSet[]): string {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'disc/VIDEO_TS'), { recursive: true })
  for (const set of sets) writeSet(path.join(folder, 'disc/VIDEO_TS'), set)
  fs.writeFileSync(path.join(folder, 'disc/readme.txt'), 'read me')
  return folder
}

/** Where each file begins, in sectors, as another program lists it. */
function placesIn(image: string): Map<string, number> {
  const places = new Map<string, number>()
  for (const line of run('isoinfo', ['-i', image, '-l']).split('\n')) {
    const [, block, name] = /\[\s*(\d+)\s+\d+\]\s+(\S+?)(?:;1)?\s*$/.exec(line) ?? []
    if (block !== undefined && name !== undefined) places.set(name, Number(block))
  }
  return places
}

function expectPlaces(image: string, folder: string, sets: readonly VideoSet[]): void {
  const places = placesIn(image)
  let end = 0
  for (const { stem, titleSectors, menuSectors } of sets) {
    const ifo = fs.readFileSync(path.join(folder, 'disc/VIDEO_TS', `${stem}.IFO`))
    const start = places.get(`${stem}.IFO`) ?? -1
    expect(start).toBeGreaterThanOrEqual(end)
    if (menuSectors > 0) expect(places.get(`${stem}.VOB`)).toBe(start + ifo.readUInt32BE(0xc0))
    let title = start + ifo.readUInt32BE(0xc4)
    for (const [index, count] of titleSectors.entries()) {
      expect(places.get(`${stem.replace(/_0$/, '')}_${index + 1}.VOB`)).toBe(title)
      title += count
    }
    const sectors = ifo.byteLength / SECTOR
    const backup = places.get(`${stem}.BUP`) ?? -1
    end = start + ifo.readUInt32BE(0x0c) + 1
    expect(backup).toBe(end - sectors)
    expect(Math.floor(backup / 16)).toBeGreaterThan(Math.floor((start + sectors - 1) / 16))
  }
}

describe.skipIf(!isInstalled('isoinfo'))('a DVD-Video disc (needs isoinfo)', () => {
  it.each([
    ['without gaps', [MANAGER, FIRST, SHORT]],
    ['with sectors between its files', [MANAGER, { ...FIRST, gap: 3 }, { ...SHORT, gap: 1 }]],
    ['of one film alone', [{ ...MANAGER, menuSectors: 0 }, SHORT]],
  ])('has its files where its IFOs say that they lie, %s', (_, sets) => {
    const folder = source(sets)
    const image = path.join(folder, 'dvd.iso')
    expect(isolde(['create', image, path.join(folder, 'disc'), '--preset', 'dvd-video']).status).toBe(0)
    expectPlaces(image, folder, sets)
    const out = temporaryFolder()
    expect(isolde(['extract', image, '--view', 'udf', '--to', out]).status).toBe(0)
    expect(treeOf(out)).toEqual({ ...treeOf(path.join(folder, 'disc')), AUDIO_TS: '/' })
  })

  it.each([
    ['a changed copy', 0, ['edit'], ['--label', 'OTHER']],
    ['an image of its files', 0, ['convert'], ['--as', 'iso']],
  ] as const)('keeps its places in %s', (_, wanted, [command], more) => {
    const sets = [MANAGER, { ...FIRST, gap: 28 }, { ...SHORT, gap: 1 }]
    const folder = source(sets)
    const [image, copy] = [path.join(folder, 'dvd.iso'), path.join(folder, 'copy.iso')]
    expect(isolde(['create', image, path.join(folder, 'disc'), '--preset', 'dvd-video']).status).toBe(0)
    const words = command === 'edit' ? ['edit', image, '--to', copy, ...more] : ['convert', image, copy, ...more]
    const { status, stderr } = isolde(words)
    expect(status, stderr).toBe(wanted)
    expectPlaces(copy, folder, sets)
  })

  it('is told of where a copy cannot keep them', () => {
    const folder = source([MANAGER, FIRST])
    const [image, copy] = [path.join(folder, 'dvd.iso'), path.join(folder, 'copy.iso')]
    expect(isolde(['create', image, path.join(folder, 'disc'), '--preset', 'dvd-video']).status).toBe(0)
    const { status, stderr } = isolde(['edit', image, '--to', copy, '--delete', 'VIDEO_TS/VTS_01_0.BUP'])
    expect(status).toBe(1)
    expect(stderr).toContain('The files of VIDEO_TS do not lie where its IFOs say')
    expect(fs.existsSync(copy)).toBe(true)
  })

  it.each([
    ['what is no film is added', ['--add', 'disc/readme.txt=VIDEO_TS/notes.txt'], 0],
    ['what a film needs is taken away', ['--delete', 'VIDEO_TS/VTS_01_0.BUP'], 1],
    ['a film is another one', ['--add', 'disc/readme.txt=VIDEO_TS/VTS_01_2.VOB'], 1],
  ])('is told of by a further session only where films change: %s', (_, words, wanted) => {
    const folder = source([MANAGER, FIRST])
    const [image, copy] = [path.join(folder, 'dvd.iso'), path.join(folder, 'copy.iso')]
    expect(isolde(['create', image, path.join(folder, 'disc'), '--preset', 'dvd-video']).status).toBe(0)
    const { status, stderr } = isolde(['edit', image, '--to', copy, '--append', ...words], { cwd: folder })
    expect(stderr.includes('The files of VIDEO_TS do not lie where its IFOs say'), stderr).toBe(wanted === 1)
    expect(status, stderr).toBe(wanted)
  })

  it('has its title sets where the table of titles says that they begin', () => {
    const sets = [MANAGER, FIRST, SHORT]
    const folder = source(sets)
    const disc = path.join(folder, 'disc')
    // Two titles, in the second and in the first set, which lie in that order (TT_SRPT in the manager's sector 2).
    const starts = [100, 140]
    const table = Buffer.alloc(SECTOR)
    table.writeUInt16BE(2, 0)
    for (const [index, [set, start]] of [[2, starts[0] ?? 0] as const, [1, starts[1] ?? 0] as const].entries()) {
      table.writeUInt8(set, 8 + index * 12 + 6)
      table.writeUInt32BE(start, 8 + index * 12 + 8)
    }
    for (const name of ['VIDEO_TS.IFO', 'VIDEO_TS.BUP']) {
      const file = path.join(disc, 'VIDEO_TS', name)
      const bytes = fs.readFileSync(file)
      bytes.writeUInt32BE(2, 0xc4)
      table.copy(bytes, 2 * SECTOR)
      fs.writeFileSync(file, bytes)
    }
    const [image, copy] = [path.join(folder, 'dvd.iso'), path.join(folder, 'copy.iso')]
    expect(isolde(['create', image, disc, '--preset', 'dvd-video']).status).toBe(0)
    expect(isolde(['edit', image, '--to', copy]).status).toBe(0)
    for (const each of [image, copy]) {
      const places = placesIn(each)
      const first = places.get('VIDEO_TS.IFO') ?? 0
      expect(['VTS_02_0.IFO', 'VTS_01_0.IFO'].map((name) => (places.get(name) ?? 0) - first)).toEqual(starts)
    }
  })

  itWith('udfinfo', 'is UDF 1.02', () => {
    const folder = source([MANAGER, FIRST])
    const image = path.join(folder, 'dvd.iso')
    expect(isolde(['create', image, path.join(folder, 'disc'), '--preset', 'dvd-video']).status).toBe(0)
    expect(run('udfinfo', [image])).toMatch(/^udfrev=1.02$/m)
  })

  it.each([
    [
      'no folder VIDEO_TS',
      (disc: string) => {
        fs.renameSync(path.join(disc, 'VIDEO_TS'), path.join(disc, 'OTHER'))
      },
      'has a folder VIDEO_TS',
    ],
    [
      'the folder in small letters',
      (disc: string) => {
        fs.renameSync(path.join(disc, 'VIDEO_TS'), path.join(disc, 'video_ts'))
      },
      'here it is called “video_ts”. Rename it',
    ],
    [
      'files in small letters',
      (disc: string) => {
        fs.renameSync(path.join(disc, 'VIDEO_TS/VTS_01_1.VOB'), path.join(disc, 'VIDEO_TS/vts_01_1.vob'))
      },
      'Players look for VIDEO_TS/VTS_01_1.VOB, and here it is called “vts_01_1.vob”.',
    ],
    [
      'no folder around its files',
      (disc: string) => {
        for (const name of fs.readdirSync(path.join(disc, 'VIDEO_TS')))
          fs.renameSync(path.join(disc, 'VIDEO_TS', name), path.join(disc, name))
        fs.rmdirSync(path.join(disc, 'VIDEO_TS'))
      },
      'Name the folder that VIDEO_TS lies in.',
    ],
    [
      'no copy of an IFO',
      (disc: string) => {
        fs.rmSync(path.join(disc, 'VIDEO_TS/VTS_01_0.BUP'))
      },
      'needs VIDEO_TS/VTS_01_0.BUP',
    ],
    [
      'a film that is longer',
      (disc: string) => {
        fs.appendFileSync(path.join(disc, 'VIDEO_TS/VTS_01_2.VOB'), Buffer.alloc(SECTOR))
      },
      'do not belong together',
    ],
    [
      'an IFO that names places terabytes away',
      (disc: string) => {
        for (const name of ['VTS_01_0.IFO', 'VTS_01_0.BUP']) {
          const file = path.join(disc, 'VIDEO_TS', name)
          const bytes = fs.readFileSync(file)
          bytes.writeUInt32BE(0x7fffffff, 0x0c)
          fs.writeFileSync(file, bytes)
        }
      },
      'name places far behind what all of these files need',
    ],
    [
      'what is no IFO',
      (disc: string) => {
        fs.writeFileSync(path.join(disc, 'VIDEO_TS/VIDEO_TS.IFO'), Buffer.alloc(SECTOR))
      },
      'is no IFO',
    ],
  ])('is refused in a sentence with %s', (_, spoil, sentence) => {
    const folder = source([MANAGER, FIRST])
    spoil(path.join(folder, 'disc'))
    const ran = isolde(['create', path.join(folder, 'dvd.iso'), path.join(folder, 'disc'), '--preset', 'dvd-video'])
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) as string })
    expect(fs.readdirSync(folder)).toEqual(['disc'])
  })
})
