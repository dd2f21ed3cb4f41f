import fs from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'

/** Folders so many levels deep, a file at the end of each, and one beside each folder from the sixth level on. */
function tree(folder: string, branches: readonly number[]): string[] {
  const files: string[] = []
  const write = (file: string): void => {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(folder, file), file)
    files.push(file)
  }
  for (const [index, levels] of branches.entries()) {
    const names = Array.from({ length: levels }, (_, level) => `${String.fromCharCode(97 + index)}${level + 1}`)
    for (let level = 6; level <= levels; level++) write([...names.slice(0, level), `beside-${level}.txt`].join('/'))
    // A second way down, from the middle of the first.
    if (levels > 12) write([...names.slice(0, 10), 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'end.txt'].join('/'))
  }
  return files.sort()
}

itWith('bsdtar', 'trees of any depth are read from front to back, also where what was moved is moved again', () => {
  for (const branches of [[9], [14], [20], [9, 14], [30, 8, 21], [15, 15, 15]]) {
    const folder = temporaryFolder()
    const [source, image] = [path.join(folder, 'source'), path.join(folder, 'deep.iso')]
    const files = tree(source, branches)
    expect(isolde(['create', image, source, '--no-joliet', '--no-udf']).status, String(branches)).toBe(0)
    const listed = run('bsdtar', ['-tf', image])
      .split('\n')
      .filter((line) => line.endsWith('.txt'))
    expect(listed.sort(), String(branches)).toEqual(files)
    const out = path.join(folder, 'out')
    fs.mkdirSync(out)
    run('bsdtar', ['-xf', image, '-C', out])
    for (const file of files) expect(fs.readFileSync(path.join(out, file), 'utf8')).toBe(file)
  }
})
