import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { replaceKeeping } from '../../../src-main/sinks/replace-file'
import { temporaryFolder } from '../support'

afterEach(() => {
  vi.restoreAllMocks()
})

function make(): { original: string; copy: string; kept: string[]; contents: () => Record<string, string> } {
  const folder = temporaryFolder()
  const at = (name: string): string => path.join(folder, name)
  fs.writeFileSync(at('x.iso'), 'old', { mode: 0o600 })
  fs.writeFileSync(at('x.edited.iso'), 'new')
  return {
    original: at('x.iso'),
    copy: at('x.edited.iso'),
    kept: [at('x.before.iso'), at('x.before2.iso')],
    contents: () =>
      Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(at(name), 'utf8')] as const)),
  }
}

function failing(code: string): never {
  throw Object.assign(new Error(code), { code, errno: -1, syscall: 'link' })
}

/** As on FAT: no file has a second name. */
function withoutHardLinks(): void {
  vi.spyOn(fs, 'linkSync').mockImplementation(() => failing('EPERM'))
}

/** The step that gives the copy the original's name. */
function failToPlace({ copy, original }: { copy: string; original: string }): void {
  const { renameSync } = fs
  vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (from === copy && to === original) failing('EIO')
    renameSync(from, to)
  })
}

describe.each([
  ['with hard links', () => undefined],
  ['without hard links', withoutHardLinks],
])('a file that is replaced, on a disk %s', (_, prepare) => {
  it('is kept, and overwrites no other that was kept', () => {
    const { original, copy, kept, contents } = make()
    fs.writeFileSync(kept[0] ?? '', 'older')
    prepare()
    expect(replaceKeeping(original, copy, kept)).toBe(kept[1])
    expect(contents()).toEqual({ 'x.iso': 'new', 'x.before.iso': 'older', 'x.before2.iso': 'old' })
    if (process.platform !== 'win32') expect(fs.statSync(original).mode & 0o777).toBe(0o600)
  })

  it('is where it was when the second step fails', () => {
    const made = make()
    prepare()
    failToPlace(made)
    expect(() => replaceKeeping(made.original, made.copy, made.kept)).toThrow('EIO')
    expect(made.contents()).toEqual({ 'x.iso': 'old', 'x.edited.iso': 'new' })
  })
})

it('with hard links a name that is replaced always holds a file', () => {
  const made = make()
  const { renameSync } = fs
  const seen: string[] = []
  vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    seen.push(fs.readFileSync(made.original, 'utf8'))
    renameSync(from, to)
  })
  replaceKeeping(made.original, made.copy, made.kept)
  expect(seen).toEqual(['old'])
})
