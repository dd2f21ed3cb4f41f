import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { cleanPath } from '../../../src-main/cli/arguments'
import { isoTime } from '../../../src-main/cli/iso-time'
import { showable } from '../../../src-main/cli/output'
import { samples, sectors, time } from '../../images/cd-sectors'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { SAMPLE, temporaryFolder, treeOf } from '../support'
import { isolde } from './command-line'

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
})

interface Line {
  path: string
  kind: string
  size: number
  extents: [number | null, number][] | null
}

function listed(args: string[] = []): Line[] {
  return isolde(['list', SAMPLE, '--json', ...args]).rows as unknown as Line[]
}

describe('isolde', () => {
  it('makes no archive that would lie open for want of a password', () => {
    const file = path.join(folder, 'password')
    fs.writeFileSync(file, '\nsecond line\n')
    const zip = ['extract', SAMPLE, '--format', 'zip', '--to', path.join(folder, 'out.zip')]
    expect(isolde([...zip, '--password-file', file])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('first line') as string,
    })
    expect(isolde(zip, { env: { ISOLDE_PASSWORD: '' } }).status).toBe(2)
    expect(fs.readdirSync(folder)).toEqual(['password'])
  })

  it('says how it is used', () => {
    expect(isolde(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: isolde') as string })
    expect(isolde([]).status).toBe(2)
    expect(isolde(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    for (const command of ['info', 'list', 'extract', 'cat', 'convert', 'verify', 'serve'])
      expect(isolde([command, '--help']).stdout).toContain(`Usage: isolde ${command}`)
  })

  it.each([
    [['frobnicate'], 2, 'frobnicate'],
    [['list'], 2, 'Name the image'],
    [['list', SAMPLE, '--no-such-option'], 2, 'no-such-option'],
    [['list', SAMPLE, '--view', 'nonsense'], 2, 'rock-ridge'],
    [['list', '/tmp'], 2, 'folder'],
    [['list', '/no/such.iso'], 4, '/no/such.iso'],
    [['list', SAMPLE, 'no/such/path'], 4, 'no/such/path'],
    [['cat', SAMPLE, 'nope'], 4, 'nope'],
    [['extract', SAMPLE, '--on-conflict', 'ask'], 2, 'ask'],
    [['extract', SAMPLE, '--here', '--to', 'x'], 2, '--here'],
    [['serve', '--port', 'many'], 2, 'many'],
    [['serve', '--port', '-1'], 2, '--port takes a value; one that begins with a dash is written --port=-…'],
    [['serve', '--port=-1'], 2, '-1'],
    [['list', SAMPLE, '--charset', 'nonsense'], 2, 'nonsense'],
    [['extract', SAMPLE, '--charset', ''], 2, '--charset'],
    [['list', SAMPLE, '--json', '--csv'], 2, '--csv'],
    [['extract', SAMPLE, '--to', ''], 2, '--to'],
    [['edit', SAMPLE, '--to', ''], 2, '--to'],
    [['help', 'nonsense'], 2, 'nonsense'],
    [['--help', 'nonsense'], 2, 'nonsense'],
  ])('%j: exit %i, naming %s', (args, status, named) => {
    const run = isolde(args)
    expect(run.status).toBe(status)
    expect(run.stderr).toContain(named)
    expect(run.stdout).toBe('')
  })

  it('says each thing in lines of its own', () => {
    for (const args of [
      ['serve', '--port', '-1'],
      ['list', '--view'],
      ['info', '--no-such'],
    ])
      expect(isolde(args).stderr).not.toContain('\\n')
  })

  it('does not pass over a limit that is none', () => {
    const run = isolde(['list', SAMPLE], { env: { ISOLDE_UNPACK_LIMIT: 'abc' } })
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('“abc”') as string })
    for (const limit of ['0', '1e6', ''])
      expect(isolde(['list', SAMPLE], { env: { ISOLDE_UNPACK_LIMIT: limit } }).status).toBe(0)
  })

  it('reads names in the encodings that people call by other names', () => {
    for (const charset of ['Shift_JIS', 'sjis', 'CP437', 'iso-8859-2', 'utf8'])
      expect(isolde(['list', SAMPLE, '--charset', charset]).status).toBe(0)
    expect(isolde(['help', 'list']).stdout).toContain('Usage: isolde list')
  })

  it.each([
    ['empty', '', 'empty.iso'],
    ['a web page', '<!DOCTYPE html><html><body>404</body></html>', 'page.iso'],
    ['noise', null, 'noise.iso'],
  ])('refuses %s with exit 3 and one sentence that names it', (_what, content, name) => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, content ?? createHash('shake256', { outputLength: 100_000 }).update('x').digest())
    for (const command of ['info', 'list', 'extract']) {
      const run = isolde([command, file], { cwd: folder })
      expect(run.status).toBe(3)
      expect(run.stderr).toContain(name)
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
    }
    expect(fs.readdirSync(folder)).toEqual([name])
  })
})

describe('isolde list', () => {
  it('gives parents first, siblings by the bytes of their names', () => {
    const paths = listed().map((line) => line.path)
    expect(paths.length).toBeGreaterThan(5)
    const seen = new Set([''])
    const last = new Map<string, string>()
    for (const one of paths) {
      const parent = one.includes('/') ? one.slice(0, one.lastIndexOf('/')) : ''
      expect(seen).toContain(parent)
      const before = last.get(parent)
      if (before !== undefined) expect(Buffer.compare(Buffer.from(before), Buffer.from(one))).toBeLessThan(0)
      last.set(parent, one)
      seen.add(one)
    }
  })

  it('gives extents that hold the very bytes', () => {
    const image = fs.readFileSync(SAMPLE)
    for (const line of listed().filter((one) => one.kind === 'file')) {
      const pieces = line.extents!.map(([at, length]) =>
        at === null ? Buffer.alloc(length) : image.subarray(at, at + length),
      )
      const run = isolde(['cat', SAMPLE, line.path])
      expect(run.status).toBe(0)
      expect(Buffer.concat(pieces).byteLength).toBe(line.size)
    }
  })

  it('lists below a path, under its full path, however it is spelt', () => {
    const directory = listed().find((line) => line.kind === 'directory')!.path
    const below = listed([`/${directory}//`])
    expect(below.length).toBeGreaterThan(0)
    expect(below.every((line) => line.path.startsWith(`${directory}/`))).toBe(true)
  })

  it('writes CSV with a header', () => {
    const run = isolde(['list', SAMPLE, '--csv'])
    expect(run.stdout.split('\n')[0]).toBe('path,kind,size,modified,mode,uid,gid,target,hidden,status')
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(listed().length + 1)
  })

  it('takes every view that info names', () => {
    const [info] = isolde(['info', SAMPLE, '--json']).rows as unknown as [
      { views: { id: string; entryCount: number }[] },
    ]
    expect(info.views.length).toBeGreaterThan(1)
    for (const view of info.views) expect(listed(['--view', view.id])).toHaveLength(view.entryCount)
  })
})

describe('isolde extract', () => {
  it('tells each entry and a summary, and writes what it tells', () => {
    const run = isolde(['extract', SAMPLE, '--to', 'out', '--json'], { cwd: folder })
    expect(run.status).toBe(0)
    const summary = run.rows.at(-1)!
    const entries = run.rows.slice(0, -1)
    expect(summary).toMatchObject({
      summary: true,
      problems: 0,
      files: listed().filter((line) => line.kind === 'file').length,
    })
    expect(entries.map((entry) => entry.path).sort()).toEqual(
      listed()
        .map((line) => line.path)
        .sort(),
    )
    const tree = treeOf(path.join(folder, 'out'))
    expect(Object.keys(tree).sort()).toEqual(entries.map((entry) => entry.to).sort())
  })

  it('goes into the current folder without --to, and fails there the second time before writing', () => {
    expect(isolde(['extract', SAMPLE, '-q'], { cwd: folder }).status).toBe(0)
    const before = treeOf(folder)
    const again = isolde(['extract', SAMPLE], { cwd: folder })
    expect(again.status).toBe(4)
    expect(again.stderr).toContain('already')
    expect(treeOf(folder)).toEqual(before)
  })

  it('--here makes a folder named after the image beside it, and another the next time', () => {
    const image = path.join(folder, 'My Disc.iso')
    fs.copyFileSync(SAMPLE, image)
    expect(isolde(['extract', image, '--here', '-q'], { cwd: '/' }).status).toBe(0)
    expect(fs.readdirSync(folder).sort()).toEqual(['My Disc', 'My Disc.iso'])
    expect(isolde(['extract', image, '--here', '-q'], { cwd: '/' }).status).toBe(0)
    expect(fs.readdirSync(folder).sort()).toEqual(['My Disc', 'My Disc (2)', 'My Disc.iso'])
    expect(treeOf(path.join(folder, 'My Disc (2)'))).toEqual(treeOf(path.join(folder, 'My Disc')))
  })

  it('ends well where a second thread was begun and there is nothing for it to do', () => {
    const big = Buffer.alloc(9 << 20, 7)
    const image = path.join(folder, 'big.iso')
    fs.writeFileSync(image, buildIso([{ name: 'BIG.BIN;1', data: big }]).bytes)
    expect(isolde(['extract', image, '--to', path.join(folder, 'big')])).toMatchObject({ status: 0, stderr: '' })
    expect(fs.readFileSync(path.join(folder, 'big', 'BIG.BIN')).equals(big)).toBe(true)
    const other = path.join(folder, 'other.iso')
    fs.writeFileSync(other, big)
    expect(isolde(['extract', other, '--to', path.join(folder, 'nowhere')]).status).toBe(3)
    expect(fs.existsSync(path.join(folder, 'nowhere'))).toBe(false)
  })

  it('says no when the destination is a file', () => {
    fs.writeFileSync(path.join(folder, 'file'), '')
    expect(isolde(['extract', SAMPLE, '--to', 'file'], { cwd: folder })).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('file') as string,
    })
  })
})

describe('isolde convert', () => {
  it('writes a plain image as it is, and never over something', () => {
    expect(isolde(['convert', SAMPLE, 'out.iso'], { cwd: folder }).status).toBe(0)
    expect(fs.readFileSync(path.join(folder, 'out.iso')).equals(fs.readFileSync(SAMPLE))).toBe(true)
    expect(isolde(['convert', SAMPLE, 'out.iso'], { cwd: folder }).status).toBe(4)
    expect(fs.readdirSync(folder)).toEqual(['out.iso'])
  })

  const put = (name: string, bytes: Uint8Array | string): void => {
    fs.writeFileSync(path.join(folder, name), bytes)
  }
  const disc = buildIso([{ name: 'FILE.TXT;1', data: 'a file on a disc' }])

  it('says what a plain image leaves out', () => {
    const count = disc.bytes.byteLength / SECTOR
    put('d.bin', Buffer.concat([sectors(disc.bytes), samples(10)]))
    put('d.cue', `FILE d.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 ${time(count)}\n`)
    expect(isolde(['convert', 'd.cue', 'out.iso'], { cwd: folder })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('1 audio track') as string,
    })
    expect(fs.readFileSync(path.join(folder, 'out.iso')).equals(disc.bytes)).toBe(true)
  })

  it('makes no file where there is nothing to convert', () => {
    put('d.bin', samples(10))
    put('d.cue', 'FILE d.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n')
    expect(isolde(['convert', 'd.cue', 'out.iso'], { cwd: folder })).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('nothing to convert') as string,
    })
    expect(fs.readdirSync(folder).sort()).toEqual(['d.bin', 'd.cue'])
  })

  it('says that the image is damaged, and so do extract, cat, hash and verify', () => {
    const bytes = sectors(disc.bytes)
    const at = disc.blockOf('FILE.TXT;1') * 2352 + 20
    bytes[at] = (bytes[at] ?? 0) ^ 0x20
    put('d.bin', bytes)
    for (const args of [
      ['convert', 'd.bin', 'out.iso'],
      ['cat', 'd.bin', 'FILE.TXT'],
      ['hash', 'd.bin'],
      ['extract', 'd.bin', '--to', 'out'],
      ['extract', 'd.bin', '--to', 'out.zip', '--format', 'zip'],
    ])
      expect(isolde(args, { cwd: folder })).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/EDC/) as string,
      })
    const { status, rows } = isolde(['verify', 'd.bin', '--json'], { cwd: folder })
    expect(status).toBe(1)
    expect(JSON.stringify(rows)).toContain('"path":"FILE.TXT"')
    // What can be read is written as it is.
    const written = fs.readFileSync(path.join(folder, 'out', 'FILE.TXT'))
    expect(written.toString()).toBe('a fiLe on a disc')
  })
})

describe('a sheet that names a file which is not there', () => {
  it('makes hash of everything end as extract does: something is missing', () => {
    const { bytes } = buildIso([{ name: 'FILE.TXT;1', data: 'found' }])
    fs.writeFileSync(path.join(folder, 'd.bin'), bytes)
    fs.writeFileSync(
      path.join(folder, 'd.cue'),
      'FILE "d.bin" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nFILE "gone.bin" BINARY\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n',
    )
    for (const args of [
      ['hash', 'd.cue'],
      ['extract', 'd.cue', '--to', 'out'],
    ])
      expect(isolde(args, { cwd: folder })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('gone.bin') as string,
      })
    expect(isolde(['hash', 'd.cue', 'FILE.TXT'], { cwd: folder }).status).toBe(0)
  })
})

describe('files that a sheet names', () => {
  const sheet = (file: string): string => `FILE "${file}" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n`
  const image = buildIso([{ name: 'FILE.TXT;1', data: 'found' }]).bytes

  it('are found below its folder, whatever the case of their letters', () => {
    fs.mkdirSync(path.join(folder, 'Img'))
    fs.writeFileSync(path.join(folder, 'Img', 'Disc.BIN'), image)
    fs.writeFileSync(path.join(folder, 'x.cue'), sheet('IMG\\disc.bin'))
    expect(isolde(['cat', 'x.cue', 'FILE.TXT'], { cwd: folder })).toMatchObject({ status: 0, stdout: 'found' })
  })

  it('are not found outside of it, by way of a link either', () => {
    fs.mkdirSync(path.join(folder, 'in'))
    fs.mkdirSync(path.join(folder, 'out'))
    fs.writeFileSync(path.join(folder, 'out', 'disc.bin'), image)
    fs.symlinkSync('../out', path.join(folder, 'in', 'link'))
    for (const name of ['../out/disc.bin', 'link/disc.bin', path.join(folder, 'out', 'disc.bin')]) {
      fs.writeFileSync(path.join(folder, 'in', 'x.cue'), sheet(name))
      expect(isolde(['cat', 'in/x.cue', 'FILE.TXT'], { cwd: folder }).status).toBe(3)
    }
  })
})

describe('the little things', () => {
  it('writes times as the standard does, before 1970 and far ahead too', () => {
    for (const text of ['1970-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '1950-06-07T08:09:10Z', '2155-12-31T23:59:59Z'])
      expect(isoTime(Date.parse(text) + 999)).toBe(text)
  })

  it('shows names that would repaint the terminal as escapes', () => {
    expect(showable('a\x1b[31mb\u202ec\n')).toBe('a\\u{1b}[31mb\\u{202e}c\\n')
  })

  it('reads paths as people type them', () => {
    expect(cleanPath('/a//b/./c/')).toBe('a/b/c')
  })
})
