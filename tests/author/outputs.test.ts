import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { SAMPLE, temporaryFolder } from '../unit/support'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  fs.mkdirSync(at('in'))
  fs.writeFileSync(at('in/a.txt'), 'a')
})
const at = (name: string): string => path.join(folder, name)

const image = path.resolve(SAMPLE)
const COMMANDS: [string, (out: string) => string[], string[]][] = [
  ['create', (out) => ['create', `${out}.iso`, 'in'], ['x.iso']],
  ['edit', (out) => ['edit', image, '--to', `${out}.iso`, '--add', 'in=in'], ['x.iso']],
  ['convert', (out) => ['convert', image, `${out}.iso`], ['x.iso']],
  ['convert to sectors', (out) => ['convert', image, `${out}.cue`], ['x.bin', 'x.cue']],
  ['convert --split', (out) => ['convert', image, `${out}.iso`, '--split', '1M'], ['x.iso.001']],
  ['convert to an archive', (out) => ['convert', image, `${out}.zip`], ['x.zip']],
  ['convert --as iso', (out) => ['convert', image, `${out}.iso`, '--as', 'iso'], ['x.iso']],
  ['extract', (out) => ['extract', image, '--format', 'zip', '--to', `${out}.zip`], ['x.zip']],
  ['protect', (out) => ['protect', image, '--to', `${out}.ecc`], ['x.ecc']],
  ['rescue', (out) => ['rescue', image, '--image', `${out}.iso`], ['x.iso']],
  ['read', (out) => ['read', image, `${out}.iso`, '--map', `${out}.map`], ['x.iso', 'x.map']],
]

describe.each(COMMANDS)('where the folder of what “%s” writes is missing', (_, args, made) => {
  it('makes it, and those around it', () => {
    const ran = isolde(args('new/deep/x'), { cwd: folder })
    expect(ran.status, ran.stderr).toBe(0)
    expect(fs.readdirSync(at('new/deep')).sort()).toEqual(made)
  })

  it('says what is in the way, and leaves nothing', () => {
    const ran = isolde(args('in/a.txt/deep/x'), { cwd: folder })
    expect(ran.status).toBe(4)
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
    expect(ran.stderr).toMatch(/a\.txt.* is not a folder|a\.txt.*not a folder/)
    expect(fs.readdirSync(folder)).toEqual(['in'])
  })
})

describe('an image in a folder that goes into it', () => {
  it.each(['out.iso', 'in/sub/out.iso', 'new/out.iso'])('is not in itself: %s', (out) => {
    fs.mkdirSync(at('in/sub'))
    const ran = isolde(['create', out, '.'], { cwd: folder })
    expect(ran.status, ran.stderr).toBe(0)
    expect(isolde(['list', out], { cwd: folder }).stdout.split('\n').filter(Boolean)).toEqual([
      'in/',
      'in/a.txt',
      'in/sub/',
    ])
  })
})
