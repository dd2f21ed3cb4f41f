import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { SAMPLE, temporaryFolder } from '../unit/support'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'in'))
})
const image = path.resolve(SAMPLE)

describe.each([
  ['create', (out: string) => ['create', out, 'in']],
  ['edit', (out: string) => ['edit', image, '--to', out, '--add', 'in=in']],
])('%s', (_, args) => {
  it.each(['qcow2', 'dmg', 'iso.gz', 'squashfs', 'wim', 'cue', 'zip', '7z'])(
    'writes no .%s that would be none',
    (extension) => {
      const ran = isolde(args(`out.${extension}`), { cwd: folder })
      expect(ran.status).toBe(2)
      expect(ran.stderr).toContain(`“out.${extension}” is named like`)
      expect(fs.readdirSync(folder)).toEqual(['in'])
    },
  )

  it.each(['iso', 'img', 'bin', 'udf', 'backup'])('writes .%s', (extension) => {
    expect(isolde(args(`out.${extension}`), { cwd: folder }).status).toBe(0)
  })
})

describe('what an option names', () => {
  it.each([
    [['edit', image, '--to', 'out.iso', '--script', 'in'], 2, '--script takes a file, and in is a folder.'],
    [['create', 'out.iso', 'in', '--hybrid', 'mbr', '--mbr', 'in'], 2, '--mbr takes a file, and in is a folder.'],
    [['convert', image, 'out.zip', '--password-file', 'in'], 2, '--password-file takes a file, and in is a folder.'],
    [['convert', image, 'out.zip', '--password-file', 'gone'], 4, "“gone” doesn't exist."],
    [['create', '', 'in'], 2, 'Name the image to write.'],
    [['edit', image, '--to', 'out.iso', '--delete', '/'], 2, 'The root of an image stays.'],
  ])('is said by its name where it is of no use: %j', (args, status, sentence) => {
    const ran = isolde(args, { cwd: folder })
    expect(ran).toMatchObject({ status, stderr: expect.stringContaining(sentence) as string })
    expect(fs.readdirSync(folder)).toEqual(['in'])
  })
})
