import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { run } from './copy-support'

const PROBE = '.isolde-0123456789ab.probe'

it('a move leaves nothing of a process that was killed while it tried whether it can rename', async () => {
  const [from, to] = [temporaryFolder(), temporaryFolder()]
  for (const folder of [path.join(from, 'd'), path.join(to, 'd')]) fs.mkdirSync(folder)
  fs.writeFileSync(path.join(from, 'd', 'file'), 'moved')
  for (const folder of [from, to, path.join(from, 'd'), path.join(to, 'd')]) fs.mkdirSync(path.join(folder, PROBE))
  // Somebody's own folder, whatever it is called.
  fs.writeFileSync(path.join(to, 'd', PROBE, 'own'), 'own')
  const { summary } = await run([path.join(from, 'd')], to, { move: true })
  expect(summary).toMatchObject({ files: 1, directories: 1, problems: 0 })
  expect(fs.readdirSync(path.join(to, 'd')).toSorted()).toEqual([PROBE, 'file'])
  expect(fs.readFileSync(path.join(to, 'd', PROBE, 'own'), 'utf8')).toBe('own')
  expect(fs.readdirSync(from).filter((name) => name !== PROBE)).toEqual([])
})
