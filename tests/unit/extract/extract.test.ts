import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UNCONTROLLED, CancelledError, type Progress } from '../../../src-main/task'
import { extract, type ExtractRequest } from '../../../src-main/extract/extract'
import { SourceError, type EntryTable } from '../../../src-main/image'
import type { EntryOutcome } from '../../../src-shared/model'
import { openSample, temporaryFolder, treeOf } from '../support'

let folder: string
let base: Pick<ExtractRequest, 'table' | 'selection' | 'layout' | 'control' | 'conflicts'>
let table: EntryTable
let firstFile: string

beforeEach(async () => {
  folder = temporaryFolder()
  const { image } = await openSample()
  table = await image.view('rock-ridge').readTree()
  firstFile = filePaths(table)[0]!
  base = {
    table,
    selection: { paths: null },
    layout: { kind: 'full' },
    control: UNCONTROLLED,
    conflicts: 'fail',
  }
})

function filePaths(of: EntryTable): string[] {
  return Array.from({ length: of.length }, (_, i) => i)
    .filter((i) => of.kindOf(i) === 'file')
    .map((i) => of.pathOf(i))
}

async function contentOf(filePath: string): Promise<Buffer> {
  const index = Array.from({ length: table.length }, (_, i) => i).find((i) => table.pathOf(i) === filePath)!
  return Buffer.from(await table.content(index)!.read(0, table.byteLengthOf(index)))
}

describe('a new destination', () => {
  it('gets its links where those have no times of their own', async () => {
    const refusing = vi.spyOn(fs, 'lutimesSync').mockImplementation(() => {
      throw Object.assign(new Error('not here'), { code: 'ENOENT', errno: -2 })
    })
    try {
      const destination = path.join(folder, 'out')
      expect(await extract({ ...base, destination })).toMatchObject({ problems: 0 })
      expect(fs.readlinkSync(path.join(destination, 'Letters'))).toBe('Documents/Letters')
      expect(refusing).toHaveBeenCalled()
    } finally {
      refusing.mockRestore()
    }
  })

  it('holds every file with its bytes, time and mode', async () => {
    const destination = path.join(folder, 'new', 'deep')
    const summary = await extract({ ...base, destination })
    const files = filePaths(table)
    expect(summary).toMatchObject({ files: files.length, problems: 0 })
    for (let i = 1; i < table.length; i++) {
      if (table.kindOf(i) !== 'file') continue
      const written = path.join(destination, table.pathOf(i))
      expect(fs.readFileSync(written).equals(await contentOf(table.pathOf(i)))).toBe(true)
      expect(fs.statSync(written).mtimeMs).toBe(table.modifiedOf(i))
    }
    expect(fs.readdirSync(path.join(folder, 'new'))).toEqual(['deep'])
  })

  it('is not there at all when the extraction is cancelled halfway', async () => {
    let calls = 0
    const control = {
      checkpoint: () => {
        if (++calls > 3) throw new CancelledError()
      },
      progress: () => undefined,
    }
    const destination = path.join(folder, 'a', 'b')
    await expect(extract({ ...base, control, destination })).rejects.toThrow(CancelledError)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('is not there when the source goes away', async () => {
    const { image, file } = await openSample()
    const gone = await image.view('rock-ridge').readTree()
    const refuse = (): never => {
      throw new SourceError('SOURCE_GONE', 'The disk was unplugged.')
    }
    Object.assign(file, { read: refuse, readInto: refuse })
    await expect(extract({ ...base, table: gone, destination: path.join(folder, 'x') })).rejects.toMatchObject({
      code: 'SOURCE_GONE',
    })
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('an existing destination', () => {
  it('fails before the first byte where a name is taken, and names it', async () => {
    fs.mkdirSync(path.join(folder, path.dirname(firstFile)), { recursive: true })
    fs.writeFileSync(path.join(folder, firstFile), 'mine')
    const before = treeOf(folder)
    await expect(extract({ ...base, destination: folder })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining(firstFile) as string,
    })
    expect(treeOf(folder)).toEqual(before)
  })

  it.each([
    ['skip', 'mine', 'skipped'],
    ['overwrite', null, 'written'],
    ['rename', 'mine', 'renamed'],
  ] as const)('%s', async (conflicts, keeps, status) => {
    fs.mkdirSync(path.join(folder, path.dirname(firstFile)), { recursive: true })
    fs.writeFileSync(path.join(folder, firstFile), 'mine')
    const outcomes: EntryOutcome[] = []
    await extract({ ...base, conflicts, destination: folder, onOutcome: (outcome) => outcomes.push(outcome) })
    const present = fs.readFileSync(path.join(folder, firstFile))
    expect(present.toString() === 'mine').toBe(keeps === 'mine')
    const outcome = outcomes.find((one) => one.path === firstFile)!
    expect(outcome.status).toBe(status)
    if (status === 'renamed')
      expect(fs.readFileSync(path.join(folder, outcome.to!)).equals(await contentOf(firstFile))).toBe(true)
  })

  it('newer keeps a younger file and replaces an older one', async () => {
    const target = path.join(folder, firstFile)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.writeFileSync(target, 'mine')
    await extract({ ...base, conflicts: 'newer', destination: folder, selection: { paths: [firstFile] } })
    expect(fs.readFileSync(target, 'utf8')).toBe('mine')
    fs.utimesSync(target, new Date(0), new Date(0))
    await extract({ ...base, conflicts: 'newer', destination: folder, selection: { paths: [firstFile] } })
    expect(fs.readFileSync(target).equals(await contentOf(firstFile))).toBe(true)
  })

  it('different replaces unless size and time are the same', async () => {
    await extract({ ...base, destination: folder })
    const outcomes: EntryOutcome[] = []
    await extract({
      ...base,
      conflicts: 'different',
      destination: folder,
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const files = outcomes.filter((outcome) => filePaths(table).includes(outcome.path))
    expect(files.every((outcome) => outcome.status === 'skipped')).toBe(true)
  })

  it('asks, and takes an answer for all', async () => {
    await extract({ ...base, destination: folder })
    const asked: string[] = []
    await extract({
      ...base,
      conflicts: 'ask',
      destination: folder,
      ask: (question) => {
        asked.push(question.path)
        return { choice: 'overwrite', forAll: true }
      },
    })
    expect(asked).toHaveLength(1)
  })

  it('never replaces a folder by a file', async () => {
    fs.mkdirSync(path.join(folder, firstFile, 'kept'), { recursive: true })
    await expect(extract({ ...base, conflicts: 'overwrite', destination: folder })).rejects.toMatchObject({
      code: 'NAME_TAKEN',
    })
    expect(fs.existsSync(path.join(folder, firstFile, 'kept'))).toBe(true)
  })

  it('does not follow a link that stands where a folder is to go', async () => {
    const outside = temporaryFolder()
    const directory = Array.from({ length: table.length }, (_, i) => i).find(
      (i) => i > 0 && table.kindOf(i) === 'directory',
    )!
    fs.symlinkSync(outside, path.join(folder, table.nameOf(directory)))
    await expect(extract({ ...base, destination: folder })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    await extract({ ...base, conflicts: 'rename', destination: folder })
    expect(fs.readdirSync(outside)).toEqual([])
  })

  it('keeps a top-level folder that is there apart when asked to', async () => {
    await extract({ ...base, destination: folder })
    const before = treeOf(folder)
    await extract({ ...base, conflicts: 'rename', keepsTopApart: true, destination: folder })
    expect(treeOf(folder)).toMatchObject(before)
    const tops = fs.readdirSync(folder)
    expect(tops.filter((name) => name.includes('(2)')).length).toBe(tops.length / 2)
  })

  it('sweeps up the stage of a run that was killed', async () => {
    const name = '.isolde-0123456789ab'
    fs.mkdirSync(path.join(folder, name))
    fs.writeFileSync(path.join(folder, `${name}.${fs.statSync(folder).ino}.lock`), '')
    await extract({ ...base, destination: folder })
    expect(fs.readdirSync(folder).filter((one) => one.startsWith('.isolde'))).toEqual([])
  })

  it('is refused below a file', async () => {
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, '')
    await expect(extract({ ...base, destination: path.join(file, 'x') })).rejects.toMatchObject({
      code: 'NOT_A_FOLDER',
      message: expect.stringContaining(file) as string,
    })
  })

  it('is refused when it is a file', async () => {
    const file = path.join(folder, 'file')
    fs.writeFileSync(file, '')
    await expect(extract({ ...base, destination: file })).rejects.toMatchObject({ code: 'NOT_A_FOLDER' })
  })
})

describe('a selection', () => {
  it('keeps full paths for the command line', async () => {
    await extract({ ...base, selection: { paths: [firstFile] }, destination: folder })
    expect(fs.existsSync(path.join(folder, firstFile))).toBe(true)
  })

  it('lands directly in the destination from a window', async () => {
    const deep = filePaths(table).find((one) => one.includes('/'))!
    await extract({ ...base, selection: { paths: [deep] }, layout: { kind: 'selected' }, destination: folder })
    expect(fs.readdirSync(folder)).toEqual([path.basename(deep)])
  })

  it('numbers names that meet when everything goes into one folder', async () => {
    const summary = await extract({ ...base, layout: { kind: 'flat' }, destination: folder })
    expect(fs.readdirSync(folder)).toHaveLength(summary.files + summary.symlinks)
  })

  it('takes globs by name and by path', async () => {
    const extension = path.extname(firstFile)
    await extract({
      ...base,
      selection: { paths: null, include: [`*${extension}`] },
      destination: path.join(folder, 'in'),
    })
    await extract({
      ...base,
      selection: { paths: null, exclude: [`*${extension}`] },
      destination: path.join(folder, 'ex'),
    })
    const isFile = (name: string, of: string): boolean => treeOf(of)[name] !== '/'
    const included = Object.keys(treeOf(path.join(folder, 'in'))).filter((name) =>
      isFile(name, path.join(folder, 'in')),
    )
    expect(included.length).toBeGreaterThan(0)
    expect(included.every((name) => name.endsWith(extension))).toBe(true)
    expect(Object.keys(treeOf(path.join(folder, 'ex'))).some((name) => name.endsWith(extension))).toBe(false)
  })

  it('says which path is not there', async () => {
    await expect(extract({ ...base, selection: { paths: ['no/such'] }, destination: folder })).rejects.toMatchObject({
      code: 'NO_SUCH_PATH',
      message: expect.stringContaining('no/such') as string,
    })
  })
})

describe('a job that goes on in another process', () => {
  it('keeps the files it has and writes the rest', async () => {
    const keptStageName = '.isolde-job-test'
    const destination = path.join(folder, 'out')
    // Unplugged when some files are there and others are not.
    const folders = Array.from({ length: table.length }, (_, i) => i).filter(
      (i) => table.kindOf(i) === 'directory',
    ).length
    const control = {
      checkpoint: () => undefined,
      progress: ({ entriesDone }: Progress) => {
        if (entriesDone === folders + 3) throw new SourceError('SOURCE_GONE', 'unplugged')
      },
    }
    await expect(extract({ ...base, control, destination, keptStageName, keepStageOn: () => true })).rejects.toThrow()
    const stage = path.join(folder, keptStageName)
    const kept = Object.entries(treeOf(stage)).filter(([, content]) => content !== '/')
    expect(kept.length).toBeGreaterThan(0)
    const inode = fs.statSync(path.join(stage, kept[0]![0])).ino
    // A file that was cut off in the middle is written anew.
    fs.truncateSync(path.join(stage, kept.at(-1)![0]), 1)
    await extract({ ...base, destination, keptStageName })
    expect(fs.statSync(path.join(destination, kept[0]![0])).ino).toBe(inode)
    for (const file of filePaths(table))
      expect(fs.readFileSync(path.join(destination, file)).equals(await contentOf(file))).toBe(true)
    expect(fs.readdirSync(folder)).toEqual(['out'])
  })
})
