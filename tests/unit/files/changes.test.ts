import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { renameItem } from '../../../src-main/files/changes'
import { temporaryFolder } from '../support'

/** Whether the disk of a folder takes `a` and `A` for one name. */
function foldsCase(folder: string): boolean {
  fs.writeFileSync(path.join(folder, 'probe'), '')
  const folds = fs.existsSync(path.join(folder, 'PROBE'))
  fs.rmSync(path.join(folder, 'probe'))
  return folds
}

it('other letters never replace another file, nor do they lose one of two hard links', async ({ skip }) => {
  const folder = temporaryFolder()
  if (foldsCase(folder)) skip('This disk takes both names for one.')
  fs.writeFileSync(path.join(folder, 'README'), 'A')
  fs.writeFileSync(path.join(folder, 'readme'), 'B')
  await expect(renameItem(path.join(folder, 'README'), 'readme')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  fs.linkSync(path.join(folder, 'README'), path.join(folder, 'ReadMe'))
  await expect(renameItem(path.join(folder, 'README'), 'ReadMe')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  expect(fs.readdirSync(folder).sort()).toEqual(['README', 'ReadMe', 'readme'])
})

it('gives files, folders and links other letters and other names', async () => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'a'), 'x')
  fs.mkdirSync(path.join(folder, 'd'))
  fs.symlinkSync('nowhere', path.join(folder, 'l'))
  for (const name of ['a', 'd', 'l']) await renameItem(path.join(folder, name), name.toUpperCase())
  expect(fs.readdirSync(folder).sort()).toEqual(['A', 'D', 'L'])
  await expect(renameItem(path.join(folder, 'A'), 'L')).rejects.toMatchObject({ code: 'NAME_TAKEN' })
})
