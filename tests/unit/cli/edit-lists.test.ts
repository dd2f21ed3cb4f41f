import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

function sum(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex')
}

/** An image of these files. */
function make(files: Record<string, string>, more: string[] = []): string {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(source, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  const image = path.join(folder, 'x.iso')
  const { status, stderr } = isolde(['create', image, source, '--date', '2020-01-01', ...more])
  expect([status, stderr]).toEqual([0, ''])
  return image
}

function edit(image: string, ...changes: string[]): { target: string; stdout: string; stderr: string } {
  const target = path.join(temporaryFolder(), 'y.iso')
  const { status, stdout, stderr } = isolde(['edit', image, '--to', target, ...changes])
  expect([status, stderr]).toEqual([0, expect.any(String)])
  return { target, stdout, stderr }
}

/** How many sums of files pass, and that all do. */
function passing(image: string): number {
  const { status, rows } = isolde(['verify', image, '--json'])
  const checks = rows[0]?.checks as { kind: string; verdict: string; detail: string }[]
  const sums = checks.filter(({ kind }) => kind === 'sum-file' || kind === 'treeinfo')
  expect(sums.filter(({ verdict }) => verdict !== 'passed').map(({ detail }) => detail)).toEqual([])
  expect(status).toBe(0)
  return sums.length
}

function cat(image: string, name: string): string {
  return isolde(['cat', image, name]).stdout
}

function newFile(text: string): string {
  const file = path.join(temporaryFolder(), 'new')
  fs.writeFileSync(file, text)
  return file
}

const FILES = { 'a.txt': 'a', 'b.txt': 'b', 'folder/c.txt': 'c', 'folder/d.txt': 'd' }

describe('a list of sums in an edited image', () => {
  const line = (algorithm: string, form: (hex: string, name: string) => string): string =>
    Object.entries(FILES)
      .map(([name, text]) => form(sum(algorithm, text), name))
      .join('')
  const forms: Record<string, [string, string]> = {
    'md5sum.txt of Debian': ['md5sum.txt', line('md5', (hex, name) => `${hex}  ./${name}\n`)],
    'SHA256SUMS of binaries, from Windows': ['SHA256SUMS', line('sha256', (hex, name) => `${hex} *${name}\r\n`)],
    'CHECKSUM of BSD': ['CHECKSUMS', line('sha512', (hex, name) => `SHA512 (${name}) = ${hex.toUpperCase()}\n`)],
    '.treeinfo': [
      '.treeinfo',
      `[general]\nname = x\n[checksums]\n${line('sha1', (hex, name) => `${name} = sha1:${hex}\n`)}`,
    ],
  }
  it('to which a link leads follows what is replaced', () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'source')
    fs.mkdirSync(path.join(source, 'lists'), { recursive: true })
    fs.writeFileSync(path.join(source, 'a.txt'), 'a')
    fs.writeFileSync(path.join(source, 'lists', 'all'), `${sum('md5', 'a')}  ./a.txt\n`)
    fs.symlinkSync('lists/all', path.join(source, 'md5sum.txt'))
    const image = path.join(folder, 'x.iso')
    expect(isolde(['create', image, source, '--date', '2020-01-01']).status).toBe(0)
    expect(passing(image)).toBe(1)
    const { target } = edit(image, '--delete', 'a.txt', '--add', `${newFile('other')}=a.txt`)
    expect(cat(target, 'lists/all')).toBe(`${sum('md5', 'other')}  ./a.txt\n`)
    expect(passing(target)).toBe(1)
  })

  it.each(Object.entries(forms))('%s follows what is deleted, replaced and renamed', (_, [name, text]) => {
    const image = make({ ...FILES, [name]: `${name === '.treeinfo' ? '' : '# a comment\n'}${text}` })
    expect(passing(image)).toBe(4)
    const changes = ['--delete', 'a.txt', '--rename', 'folder/d.txt=moved/e.txt', '--add', `${newFile('new')}=b.txt`]
    const { target, stdout } = edit(image, ...changes)
    expect(stdout).toContain(`“${name}” is rewritten for “a.txt”, “b.txt”, “folder/d.txt”.`)
    expect(passing(target)).toBe(3)
    const lines = text.split('\n').filter((each) => each.includes('c.txt'))
    const written = cat(target, name)
    for (const each of lines) expect(written).toContain(`${each}\n`)
    expect(written).toContain('moved/e.txt')
    expect(written).not.toContain('a.txt')
  })

  it('keeps to the byte what nobody touched, sums that were wrong as well', () => {
    const wrong = `${sum('md5', 'other')}  b.txt\n`
    const image = make({ ...FILES, 'md5sum.txt': `${sum('md5', 'a')}  a.txt\n${wrong}` })
    expect(cat(edit(image, '--add', `${newFile('new')}=folder/c.txt`).target, 'md5sum.txt')).toContain(wrong)
    expect(cat(edit(image, '--delete', 'a.txt').target, 'md5sum.txt')).toBe(wrong)
  })

  it('that lies beside its files moves with them as it is', () => {
    const list = `${sum('sha256', 'c')}  c.txt\n`
    const image = make({ ...FILES, 'casper/c.txt': 'c', 'casper/SHA256SUMS': list })
    const { target, stdout } = edit(image, '--rename', 'casper=live')
    expect(stdout).not.toContain('rewritten')
    expect(cat(target, 'live/SHA256SUMS')).toBe(list)
    expect(passing(target)).toBe(1)
  })

  it('of one file goes with it', () => {
    const image = make({ ...FILES, 'a.txt.md5': `${sum('md5', 'a')}\n`, 'b.txt.md5': `${sum('md5', 'b')}\n` })
    const { target } = edit(image, '--delete', 'a.txt', '--add', `${newFile('new')}=b.txt`)
    expect(isolde(['list', target]).stdout).not.toContain('a.txt')
    expect(cat(target, 'b.txt.md5')).toBe(`${sum('md5', 'new')}\n`)
  })

  it('that names another list has the sum of what that is rewritten to', () => {
    const inner = `${sum('md5', 'a')}  a.txt\n${sum('md5', 'b')}  b.txt\n`
    const outer = `${sum('sha256', inner)}  md5sum.txt\n${sum('sha256', 'a')}  a.txt\n`
    const image = make({ ...FILES, SHA256SUMS: outer, 'md5sum.txt': inner })
    expect(passing(edit(image, '--delete', 'a.txt').target)).toBe(2)
  })

  it('has the sum of a loader with the table that it gets', () => {
    const loader = 'x'.repeat(3000)
    const more = ['--boot-bios', 'loader.bin', '--boot-info-table']
    const image = make({ ...FILES, 'loader.bin': loader }, more)
    const patched = createHash('md5')
      .update(isolde(['cat', image, 'loader.bin']).stdout, 'utf8')
      .digest('hex')
    const list = newFile(`${patched}  loader.bin\n${sum('md5', 'a')}  a.txt\n`)
    const listed = edit(image, '--add', `${list}=md5sum.txt`).target
    const { target } = edit(listed, '--add', `${newFile('y'.repeat(50_000))}=a-first`)
    expect(passing(target)).toBe(2)
  })

  it.each([
    ['is signed beside', { 'md5sum.txt.asc': 'a signature' }, ''],
    ['is signed within', {}, '-----BEGIN PGP SIGNED MESSAGE-----\n\n'],
  ])('that %s stays as it is, and is told', (_, more, head) => {
    const text = `${head}${sum('md5', 'a')}  a.txt\n${sum('md5', 'b')}  b.txt\n`
    const image = make({ ...FILES, ...more, 'md5sum.txt': text })
    const { target, stderr } = edit(image, '--delete', 'a.txt')
    expect(stderr).toContain('“md5sum.txt” is signed or cannot be rewritten, and is no longer right about “a.txt”.')
    expect(cat(target, 'md5sum.txt')).toBe(text)
  })
})
