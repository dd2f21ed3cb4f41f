import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { run } from './copy-support'

const LONG_AGO = new Date('2001-02-03T04:05:06Z')

/** A process that is killed while it plans leaves nothing, because nothing was made. */
it('planning a move makes nothing in the folders that it is about', async () => {
  const [from, to] = [temporaryFolder(), temporaryFolder()]
  for (const folder of [from, to]) {
    fs.mkdirSync(path.join(folder, 'd'))
    fs.writeFileSync(path.join(folder, 'd', 'taken'), folder)
  }
  fs.writeFileSync(path.join(from, 'd', 'free'), 'free')
  const folders = [from, to].flatMap((folder) => [folder, path.join(folder, 'd')])
  for (const folder of folders.toReversed()) fs.utimesSync(folder, LONG_AGO, LONG_AGO)
  await expect(run([path.join(from, 'd')], to, { move: true })).rejects.toMatchObject({
    code: 'NAME_TAKEN',
  })
  expect(folders.map((folder) => fs.statSync(folder).mtime)).toEqual(folders.map(() => LONG_AGO))
  expect(fs.readdirSync(path.join(from, 'd')).toSorted()).toEqual(['free', 'taken'])
})
