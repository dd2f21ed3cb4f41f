import fs from 'node:fs'
import path from 'node:path'
import { describe, expect } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'

/** Targets whose components end where an entry for links does (RRIP 4.1.3), or a few bytes before. */
function targets(): string[] {
  const far = `${'far/'.repeat(60)}away`
  const ends = Array.from({ length: 12 }, (_, index) => `${'x'.repeat(238 + index)}/next/last`)
  const several = Array.from({ length: 6 }, (_, index) => `../${'folder/'.repeat(30 + index)}${'y'.repeat(200)}/end`)
  return [far, ...ends, ...several, `/${'abc/'.repeat(200)}end`]
}

describe('links that lead far', () => {
  itWith('bsdtar', 'lead there for bsdtar and for this reader', () => {
    const folder = temporaryFolder()
    const [source, image, out] = [path.join(folder, 'in'), path.join(folder, 'out.iso'), path.join(folder, 'out')]
    fs.mkdirSync(source)
    fs.mkdirSync(out)
    const wanted = targets()
    for (const [index, target] of wanted.entries()) fs.symlinkSync(target, path.join(source, `link${index}`))
    expect(isolde(['create', image, source, '--no-udf', '--no-joliet']).status).toBe(0)
    run('bsdtar', ['-xf', image, '-C', out])
    for (const [index, target] of wanted.entries()) expect(fs.readlinkSync(path.join(out, `link${index}`))).toBe(target)
    const listed = isolde(['list', image, '--json']).stdout.trim().split('\n')
    const ours = new Map(
      listed
        .map((line) => JSON.parse(line) as { path: string; target: string })
        .map((each) => [each.path, each.target]),
    )
    for (const [index, target] of wanted.entries()) expect(ours.get(`link${index}`)).toBe(target)
  })
})
