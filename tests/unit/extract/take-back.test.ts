import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { extract } from '../../../src-main/extract/extract'
import type { MadeItem } from '../../../src-main/extract/made'
import { takeBack } from '../../../src-main/extract/take-back'
import type { EntryTable } from '../../../src-main/image'
import { UNCONTROLLED } from '../../../src-main/task'
import { openSample, temporaryFolder } from '../support'

let folder: string
let table: EntryTable

beforeEach(async () => {
  folder = temporaryFolder()
  const { image } = await openSample()
  table = await image.view('rock-ridge').readTree()
})

async function made(destination: string, conflicts: 'fail' | 'overwrite' = 'fail'): Promise<MadeItem[]> {
  const told: (MadeItem[] | null)[] = []
  await extract({
    table,
    selection: { paths: null },
    layout: { kind: 'full' },
    control: UNCONTROLLED,
    conflicts,
    destination,
    onMade: (found) => told.push(found),
  })
  expect(told).toHaveLength(1)
  return told[0] ?? []
}

const below = (destination: string): string[] => fs.readdirSync(destination, { recursive: true }).map(String).sort()

it('removes everything of an extraction that nobody touched, with the folder that it made', async () => {
  const destination = path.join(folder, 'new')
  const taken = await takeBack(await made(destination))
  expect(taken).toMatchObject({ kept: 0 })
  // As a job counts what it has written: folders are not files.
  const written = Array.from({ length: table.length - 1 }, (_, index) => table.entry(index + 1))
  expect(taken.removed).toBe(written.filter(({ kind }) => kind !== 'directory').length)
  expect(fs.readdirSync(folder)).toEqual([])
})

it('leaves what was there before, and what replaced something', async () => {
  fs.mkdirSync(path.join(folder, 'Pictures'))
  fs.writeFileSync(path.join(folder, 'Welcome.txt'), 'an older one')
  fs.writeFileSync(path.join(folder, 'mine.txt'), 'mine')
  const taken = await takeBack(await made(folder, 'overwrite'))
  expect(taken.kept).toBe(0)
  // A folder that was empty before the extraction is there again.
  expect(below(folder)).toEqual(['Pictures', 'Welcome.txt', 'mine.txt'])
})

it('leaves what was changed without its size or date telling, and what is another file now', async () => {
  const items = await made(folder)
  const changed = path.join(folder, 'Documents/Tides.csv')
  const replaced = path.join(folder, 'Software/hello.sh')
  const { atime, mtime } = fs.statSync(changed)
  fs.writeFileSync(changed, Buffer.alloc(fs.statSync(changed).size, 'x'))
  fs.utimesSync(changed, atime, mtime)
  const outside = path.join(folder, '..', `${path.basename(folder)}-outside`)
  fs.writeFileSync(outside, 'not ours')
  fs.rmSync(replaced)
  fs.symlinkSync(outside, replaced)
  const taken = await takeBack(items)
  expect(taken.keptPaths.sort()).toEqual([changed, replaced].sort())
  expect(below(folder)).toEqual(['Documents', 'Documents/Tides.csv', 'Software', 'Software/hello.sh'])
  expect(fs.readFileSync(outside, 'utf8')).toBe('not ours')
  fs.rmSync(outside)
})

it('is not led elsewhere by a folder that is a link by now', async () => {
  const items = await made(folder)
  const elsewhere = `${folder}-elsewhere`
  fs.cpSync(path.join(folder, 'Pictures'), elsewhere, { recursive: true, preserveTimestamps: true })
  fs.rmSync(path.join(folder, 'Pictures'), { recursive: true })
  fs.symlinkSync(elsewhere, path.join(folder, 'Pictures'))
  const before = below(elsewhere)
  await takeBack(items)
  expect(below(elsewhere)).toEqual(before)
  expect(fs.readdirSync(folder)).toEqual(['Pictures'])
  fs.rmSync(elsewhere, { recursive: true })
})
