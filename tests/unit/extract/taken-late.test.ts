import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { extract } from '../../../src-main/extract/extract'
import { UNCONTROLLED } from '../../../src-main/task'
import type { EntryOutcome } from '../../../src-shared/model'
import { openSample, temporaryFolder } from '../support'

afterEach(() => vi.restoreAllMocks())

it('a name that is taken at the last moment, and the free one after it too, costs no file', async () => {
  const { image } = await openSample()
  const table = await image.view('rock-ridge').readTree()
  const entry = Array.from({ length: table.length }, (_, i) => i).find((i) => table.kindOf(i) === 'file')!
  const source = table.pathOf(entry)
  const { name, ext } = path.parse(source)
  const destination = temporaryFolder()
  const link = fs.linkSync
  let taken = 0
  vi.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
    // Somebody else is faster, twice.
    if (taken++ < 2) fs.writeFileSync(path.join(destination, path.basename(String(to))), `of somebody else ${taken}`)
    link(from, to)
  })
  const outcomes: EntryOutcome[] = []
  await extract({
    table,
    selection: { paths: [source] },
    layout: { kind: 'selected' },
    control: UNCONTROLLED,
    conflicts: 'fail',
    destination,
    onOutcome: (one) => outcomes.push(one),
  })
  const third = `${name} (3)${ext}`
  expect(fs.readdirSync(destination).sort()).toEqual([`${name} (2)${ext}`, third, `${name}${ext}`].sort())
  expect(outcomes).toMatchObject([{ path: source, to: third, status: 'renamed' }])
  const content = await table.content(entry)!.read(0, table.byteLengthOf(entry))
  expect(fs.readFileSync(path.join(destination, third)).equals(Buffer.from(content))).toBe(true)
  expect(fs.readFileSync(path.join(destination, `${name}${ext}`), 'utf8')).toBe('of somebody else 1')
})
