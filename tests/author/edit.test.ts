import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  changeTree,
  collect,
  damagedFiles,
  optionsOfImage,
  planImage,
  PRESETS,
  readImageTree,
  renewLists,
  writePlan,
  type AuthorOptions,
  type Change,
} from '../../src-main/author'
import { openLocation, type OpenedLocation } from '../../src-main/engine'
import { itWith, run } from '../unit/desktop/programs'
import { SAMPLE, temporaryFolder } from '../unit/support'
import { makeRandomTree } from './random-tree'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }

async function open(file: string): Promise<OpenedLocation> {
  const opened = await openLocation(file)
  onTestFinished(() => opened.close())
  return opened
}

/** The image with changes, beside it. Damaged files are left out, and come back as `damaged`. */
async function edited(file: string, changes: readonly Change[] = []): Promise<{ file: string; damaged: string[] }> {
  const { image } = await open(file)
  const tree = await readImageTree(image, image.info.defaultViewId)
  const { options } = await optionsOfImage(image, tree.root, tree.hasSums)
  changeTree(tree.root, changes)
  const damaged = damagedFiles(tree.root).map((each) => each.path)
  changeTree(
    tree.root,
    damaged.map((each): Change => ({ op: 'delete', path: each })),
  )
  await renewLists(tree.root, tree.lists, options.boots)
  const target = path.join(temporaryFolder(), 'edited.iso')
  await writePlan(await planImage(tree.root, { ...options, date: 1e12 }), target, CONTROL)
  return { file: target, damaged }
}

/**
 * Every entry of the default view: kind, target and what a file holds; of whole files only. What a loader's own table says
 * of its place is left out (bytes 8 to 63, and 2548 to 2555 of GRUB's).
 */
async function entriesOf(file: string): Promise<Map<string, string>> {
  const { image } = await open(file)
  const table = await image.view(image.info.defaultViewId).readTree()
  const entries = new Map<string, string>()
  for (let index = 1; index < table.length; index++) {
    if (table.statusOf(index) !== 'complete') continue
    const hash = createHash('sha256')
    const content = table.content(index)
    const isBoot = image.info.boot.some((boot) => boot.path === table.pathOf(index))
    for (let at = 0; content !== null && at < table.byteLengthOf(index); at += 1 << 20) {
      const bytes = Uint8Array.from(await content.read(at, Math.min(1 << 20, table.byteLengthOf(index) - at)))
      if (isBoot && at === 0) bytes.fill(0, 8, 64).fill(0, 2548, 2556)
      hash.update(bytes)
    }
    await content?.close()
    entries.set(table.pathOf(index), `${table.kindOf(index)} ${table.targetOf(index) ?? ''} ${hash.digest('hex')}`)
  }
  return entries
}

async function expectKept(file: string): Promise<void> {
  const copy = await edited(file)
  const [before, after] = [await entriesOf(file), await entriesOf(copy.file)]
  for (const each of copy.damaged) before.delete(each)
  expect(Object.fromEntries(after)).toEqual(Object.fromEntries(before))
}

async function make(): Promise<string> {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  makeRandomTree(source, 6)
  fs.mkdirSync(path.join(source, 'own'))
  fs.writeFileSync(path.join(source, 'own', 'old.txt'), 'old')
  const image = path.join(folder, 'made.iso')
  const options = { ...PRESETS.data, label: 'BEFORE', date: 1e12, md5: true }
  await writePlan(await planImage(collect([{ path: source, at: '' }]).root, options), image, CONTROL)
  return image
}

describe('an image edited without a change', () => {
  it('keeps every entry of its default view', async () => {
    await expectKept(SAMPLE)
    await expectKept(await make())
  })

  it('is the same image when it is edited again', async () => {
    const once = await edited(await make())
    const twice = await edited(once.file)
    expect(Buffer.compare(fs.readFileSync(once.file), fs.readFileSync(twice.file))).toBe(0)
  })

  itWith('xorriso', 'keeps the sums of its files, made anew', async () => {
    const { file } = await edited(await make())
    const said = run('xorriso', ['-for_backup', '-indev', file, '-check_md5_r', 'sorry', '/', '--'])
    expect(said).toContain('File contents and their MD5 checksums match.')
  })
})

describe('an edited image', () => {
  it('has what was added, renamed and deleted, and all else as it was', async () => {
    const image = await make()
    const added = path.join(temporaryFolder(), 'new.txt')
    fs.writeFileSync(added, 'new')
    const { file } = await edited(image, [
      { op: 'rename', path: 'own/old.txt', to: 'own/deep/renamed.txt' },
      { op: 'add', from: added, at: 'own/new.txt' },
      { op: 'delete', path: 'level 0' },
    ])
    const [before, after] = [await entriesOf(image), await entriesOf(file)]
    expect(after.get('own/deep/renamed.txt')).toBe(before.get('own/old.txt'))
    expect(after.has('own/new.txt')).toBe(true)
    const others = [...before].filter(([name]) => !/^(?:own|level 0)(?:\/|$)/.test(name))
    for (const [name, what] of others) expect([name, after.get(name)]).toEqual([name, what])
    expect(after.size).toBe(others.length + 4)
  })

  it('replaces a file, and refuses what cannot be', async () => {
    const image = await make()
    const added = path.join(temporaryFolder(), 'new.txt')
    fs.writeFileSync(added, 'changed')
    const { file } = await edited(image, [{ op: 'add', from: added, at: 'own/old.txt' }])
    expect((await entriesOf(file)).get('own/old.txt')).toContain(createHash('sha256').update('changed').digest('hex'))
    await expect(edited(image, [{ op: 'delete', path: 'nowhere' }])).rejects.toThrow('is not in the image')
    await expect(edited(image, [{ op: 'rename', path: 'own', to: 'level 0' }])).rejects.toThrow('already exists')
    await expect(edited(image, [{ op: 'add', from: added, at: 'own' }])).rejects.toThrow('is a folder on one side')
  })
})

describe('what an image says of itself', () => {
  const TEXTS = {
    label: 'Small letters, and 1.0',
    publisher: 'Somebody',
    preparer: 'a writer that keeps no rules',
    application: 'an application',
    systemId: 'Linux',
    volumeSetId: 'A set of 2',
    copyrightFile: 'COPYING.TXT;1',
    abstractFile: 'ABSTRACT.TXT',
    bibliographicFile: 'LIST.;1',
  }
  const make = async (options: Partial<AuthorOptions>): Promise<string> => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    fs.mkdirSync(source)
    for (const [name, byteLength] of Object.entries({ loader: 6000, 'efi.img': 9000 }))
      fs.writeFileSync(path.join(source, name), Buffer.alloc(byteLength, name))
    const image = path.join(folder, 'made.iso')
    const root = collect([{ path: source, at: '' }]).root
    await writePlan(await planImage(root, { ...PRESETS.data, ...options, date: 1e12 }), image, CONTROL)
    return image
  }
  const textsOf = async (file: string): Promise<unknown> => {
    const { info } = (await open(file)).image
    return Object.fromEntries(Object.keys(TEXTS).map((key) => [key, info[key as keyof typeof TEXTS]]))
  }

  it('stays as it is, word for word', async () => {
    const image = await make({ ...TEXTS, asRecorded: Object.keys(TEXTS) as (keyof typeof TEXTS)[] })
    expect(await textsOf(image)).toEqual(TEXTS)
    expect(await textsOf((await edited(image)).file)).toEqual(TEXTS)
  })

  it('stands as it is in a new image as well, but for the names of files', async () => {
    expect(await textsOf(await make(TEXTS))).toMatchObject({
      label: TEXTS.label,
      publisher: TEXTS.publisher,
      copyrightFile: 'COPYING.TXT;1',
    })
  })

  it('of how much firmware loads stays as it is; all of a file stays all, where another takes its place', async () => {
    const boot = { emulation: 'none', hasInfoTable: false, hasGrubTable: false } as const
    const image = await make({
      boots: [
        { ...boot, platform: 'bios', path: 'loader', loadSectors: 7 },
        { ...boot, platform: 'uefi', path: 'efi.img' },
      ],
    })
    const loads = async (file: string): Promise<number[]> =>
      (await open(file)).image.info.boot.map(({ loadSectors }) => loadSectors)
    expect(await loads(image)).toEqual([7, 18])
    expect(await loads((await edited(image)).file)).toEqual([7, 18])
    const other = path.join(temporaryFolder(), 'other')
    fs.writeFileSync(other, Buffer.alloc(20_000, 1))
    const changes = ['loader', 'efi.img'].map((at): Change => ({ op: 'add', from: other, at }))
    expect(await loads((await edited(image, changes)).file)).toEqual([7, 40])
  })
})

/** A folder with an INDEX.tsv and packed images, as `npm run corpus` takes it. */
const CORPUS = process.env.ISOLDE_CORPUS
const NAMES =
  CORPUS === undefined
    ? []
    : fs
        .readFileSync(path.join(CORPUS, 'INDEX.tsv'), 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))
        .filter(([name = '', , , truth = '']) => name !== '' && !/refuse|none|disputed/.test(truth))
        .map(([name = '']) => name)

describe.skipIf(CORPUS === undefined)('the corpus, edited without a change', () => {
  it.each(NAMES.length === 0 ? ['-'] : NAMES)('%s', async (name) => {
    const folder = temporaryFolder()
    const packed = path.join(CORPUS ?? '', 'images', name)
    const file = path.join(folder, path.basename(name))
    fs.writeFileSync(file, zstdDecompressSync(fs.readFileSync(`${packed}.zst`)))
    const beside = packed.replace(/\.[^.]+$/, '.cue')
    if (fs.existsSync(beside)) fs.copyFileSync(beside, path.join(folder, path.basename(beside)))
    await expectKept(file)
  })
})
