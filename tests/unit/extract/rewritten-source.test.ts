import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { archiveImage, extractImage, openLocation } from '../../../src-main/engine'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'

let folder: string
let image: string

beforeEach(() => {
  folder = temporaryFolder()
  image = path.join(folder, 'disc.iso')
  fs.writeFileSync(image, buildIso([{ name: 'A;1', data: 'a' }]).bytes)
})

it.each(['folder', 'zip'] as const)('an image written to while it is extracted is named: %s', async (format) => {
  const opened = await openLocation(image)
  const outcomes: EntryOutcome[] = []
  let isTouched = false
  const request = {
    opened,
    view: opened.image.view('iso9660'),
    selection: { paths: null },
    layout: { kind: 'full' },
    control: {
      checkpoint: () => {
        if (!isTouched) fs.appendFileSync(image, 'more')
        isTouched = true
      },
      progress: () => undefined,
    },
    onOutcome: (one: EntryOutcome) => outcomes.push(one),
  } as const
  const target = path.join(folder, 'out')
  const summary =
    format === 'folder'
      ? await extractImage({ ...request, conflicts: 'fail', where: () => ({ destination: target, folder: null }) })
      : await archiveImage({ ...request, format, target })
  await opened.close()
  expect(summary).toMatchObject({ files: 1, problems: 1 })
  expect(outcomes.at(-1)).toMatchObject({
    path: 'disc.iso',
    status: 'failed',
    code: 'SOURCE_CHANGED',
    message: expect.stringContaining(image) as string,
  })
})

it('a change of time alone is told, of any file that belongs to the image', async () => {
  const sheet = path.join(folder, 'disc.cue')
  fs.renameSync(image, path.join(folder, 'disc.bin'))
  fs.writeFileSync(sheet, 'FILE "disc.bin" BINARY\n  TRACK 01 MODE1/2048\n    INDEX 01 00:00:00\n')
  const opened = await openLocation(sheet)
  expect(opened.rewritten()).toEqual([])
  fs.utimesSync(path.join(folder, 'disc.bin'), 1, 1)
  expect(opened.rewritten().map(({ message }) => message)).toEqual([
    expect.stringContaining(path.join(folder, 'disc.bin')),
  ])
  await opened.close()
})
