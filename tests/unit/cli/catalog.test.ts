import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { namedIso } from '../../images/named-iso'
import { EngineProcess } from '../engine/engine-process'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

let folder: string

beforeEach(() => {
  folder = temporaryFolder()
})

function write(name: string, tree: Parameters<typeof namedIso>[0], day = 1): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, namedIso(tree, 'CLI', day))
  return file
}

describe('isolde hash', () => {
  it('writes what sha256sum checks, for all or for what is named', () => {
    const odd = { 'a b': '1', 'back\\slash': '2', 'line\nbreak': '3', folder: { inner: '4' } }
    const image = write('a.iso', odd)
    const { status, stdout, stderr } = isolde(['hash', image])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    for (const [name, content] of [...Object.entries(odd).slice(0, 3), ['folder/inner', '4']] as [string, string][]) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      fs.writeFileSync(path.join(folder, name), content)
    }
    fs.writeFileSync(path.join(folder, 'SHA256SUMS'), stdout)
    const checked = execFileSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })
    expect(checked.match(/: OK$/gm)).toHaveLength(4)
    const { rows } = isolde(['hash', image, 'folder', '--algorithm', 'blake3', '--json'])
    expect(rows).toEqual([
      {
        path: 'folder/inner',
        algorithm: 'blake3',
        // BLAKE3 of “4”, as b3sum gives it.
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        size: 1,
      },
    ])
  })

  it('gives the BLAKE3 of the empty file that its specification gives', () => {
    const { stdout } = isolde(['hash', write('e.iso', { empty: '' }), '-a', 'blake3'])
    expect(stdout).toBe('af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262  empty\n')
  })

  it('leaves out what is damaged, and says so', () => {
    const image = write('cut.iso', { whole: 'x', cut: 'y'.repeat(5000) })
    fs.truncateSync(image, fs.statSync(image).size - 4096)
    const { status, stdout, stderr } = isolde(['hash', image])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^\S+ {2}whole\n$/)
    expect(stderr).toContain('cut')
  })

  it('refuses what it does not know', () => {
    const image = write('a.iso', { a: '1' })
    expect(isolde(['hash', image, '-a', 'crc']).status).toBe(2)
    expect(isolde(['hash', image, 'nothing']).status).toBe(4)
  })
})

describe('isolde compare', () => {
  it('says what differs, and what does not', () => {
    const before = write('a.iso', { same: 's', size: 'x', content: 'abc', gone: '', folder: { deep: '' } })
    const after = write('b.iso', { same: 's', size: 'xy', content: 'abd', folder: { fresh: '' } })
    const plain = isolde(['compare', before, after])
    expect(plain.status).toBe(1)
    expect(plain.stdout).toBe('- folder/deep\n+ folder/fresh\n- gone\n~ size  [size]\n')
    const { rows, status } = isolde(['compare', before, after, '--content', '--json'])
    expect(status).toBe(1)
    expect(rows.find((row) => row.path === 'content')).toMatchObject({
      state: 'changed',
      facts: ['content'],
      left: { kind: 'file', size: 3, modified: '2020-09-01T03:04:05Z' },
    })
    expect(rows.at(-1)).toEqual({ summary: true, added: 1, removed: 2, changed: 2, same: 1, unproven: 0 })
    expect(isolde(['compare', before, before, '--content'])).toMatchObject({ status: 0, stdout: '' })
  })

  it('calls nothing the same that is not there to be read', () => {
    const whole = write('whole.iso', { first: 'f', last: 'x'.repeat(30_000) })
    const bytes = fs.readFileSync(whole)
    const [cut, copy] = ['cut.iso', 'copy.iso'].map((name) => path.join(folder, name)) as [string, string]
    for (const file of [cut, copy]) fs.writeFileSync(file, bytes.subarray(0, bytes.byteLength - 20_000))
    expect(isolde(['compare', whole, cut])).toMatchObject({ status: 1, stdout: '~ last  [content]\n' })
    const { rows, status } = isolde(['compare', cut, copy, '--content', '--json'])
    expect(status).toBe(1)
    expect(rows.at(-1)).toMatchObject({ changed: 0, same: 2, unproven: 1 })
    const said = isolde(['compare', cut, copy])
    expect(said.status).toBe(1)
    expect(said.stderr).toContain('1 the same, 1 not compared, whose contents cannot be read.')
  })

  it('compares two views of one image', () => {
    const { status, rows } = isolde(['compare', 'tests/images/sample.iso', '--other-view', 'joliet', '--json'])
    expect([0, 1]).toContain(status)
    expect(rows.at(-1)).toMatchObject({ summary: true })
    expect(isolde(['compare', 'tests/images/sample.iso']).status).toBe(2)
  })
})

describe('isolde search', () => {
  it('filters by kind, extension, size, date and image', async () => {
    const home = path.join(folder, 'home')
    const engine = await EngineProcess.start(home)
    for (const [name, day] of [
      ['one.iso', 1],
      ['two.iso', 20],
    ] as const) {
      const image = write(name, { 'Übersicht.txt': 'x'.repeat(3000), 'übersicht.md': 'x', ÜBERSICHT: {} }, day)
      await engine.call('image.open', { location: { kind: 'path', path: image } })
      await engine.event('image.progress', (progress) => progress.isDone)
      engine.events.length = 0
    }
    await engine.shutdown()
    const search = (...options: string[]) =>
      isolde(['search', 'übersicht', '--json', ...options], { env: { ISOLDE_HOME: home } }).rows.map(
        (row) => `${path.basename(row.image as string)}/${row.path as string}`,
      )
    expect(search()).toHaveLength(6)
    expect(search('--image', 'two.iso')).toHaveLength(3)
    expect(search('--image', path.join(folder, 'one.iso'), '--kind', 'directory')).toEqual(['one.iso/ÜBERSICHT'])
    expect(search('--extension', 'txt,md', '--min-size', '2k')).toEqual([
      'one.iso/Übersicht.txt',
      'two.iso/Übersicht.txt',
    ])
    expect(search('--max-size', '1', '--kind', 'file', '--after', '2020-09-20')).toEqual(['two.iso/übersicht.md'])
    expect(search('--before', '2020-09-20', '--extension', 'md')).toEqual(['one.iso/übersicht.md'])
    const csv = isolde(['search', 'übersicht.md', '--csv'], { env: { ISOLDE_HOME: home } })
    expect(csv.stdout.split('\n')[0]).toBe('image,view,path,kind,size,modified,status,isOnline')
    expect(isolde(['search', 'x', '--kind', 'nonsense'], { env: { ISOLDE_HOME: home } }).status).toBe(2)
    expect(isolde(['search', 'x', '--image', 'no.iso'], { env: { ISOLDE_HOME: home } }).status).toBe(4)
  })
})
