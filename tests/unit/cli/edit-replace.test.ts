import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** An image of two files in a folder of its own, and what else the folder has. */
function make(name = 'x.iso'): string {
  const folder = temporaryFolder()
  const source = path.join(folder, 'source')
  fs.mkdirSync(source)
  for (const each of ['one', 'two']) fs.writeFileSync(path.join(source, `${each}.txt`), each)
  const image = path.join(folder, name)
  expect(isolde(['create', image, source, '--date', '2020-01-01']).status).toBe(0)
  fs.rmSync(source, { recursive: true })
  return image
}

function contentsOf(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder)
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(folder, name), 'base64')] as const))
}

describe('edit --replace', () => {
  const other: Record<string, () => { image: string; more?: string[] }> = {
    'an image inside another': () => {
      const inner = make('inner.iso')
      const image = path.join(path.dirname(inner), 'outer.iso')
      expect(isolde(['create', image, inner]).status).toBe(0)
      return { image, more: ['--inside', 'inner.iso'] }
    },
    'a compressed image': () => {
      const plain = make()
      fs.writeFileSync(`${plain}.gz`, gzipSync(fs.readFileSync(plain)))
      return { image: `${plain}.gz` }
    },
    'a sheet': () => {
      const plain = make('x.bin')
      const image = path.join(path.dirname(plain), 'x.cue')
      fs.writeFileSync(image, 'FILE "x.bin" BINARY\n  TRACK 01 MODE1/2048\n    INDEX 01 00:00:00\n')
      return { image }
    },
    'a set of parts': () => {
      const plain = make()
      const bytes = fs.readFileSync(plain)
      // No program makes a last part that is longer than the others.
      const half = Math.ceil(bytes.byteLength / 4096) * 2048
      fs.writeFileSync(`${plain}.001`, bytes.subarray(0, half))
      fs.writeFileSync(`${plain}.002`, bytes.subarray(half))
      return { image: `${plain}.001` }
    },
  }
  if (process.platform !== 'win32')
    other['a link'] = () => {
      const plain = make()
      const image = path.join(path.dirname(plain), 'link.iso')
      fs.symlinkSync('x.iso', image)
      return { image }
    }
  it.each(Object.entries(other))('refuses %s, and leaves it as it is', (_, prepare) => {
    const { image, more = [] } = prepare()
    const before = contentsOf(path.dirname(image))
    for (const dry of [[], ['--dry-run']]) {
      const { status, stderr } = isolde(['edit', image, ...more, '--replace', '--delete', 'one.txt', ...dry])
      expect(stderr).toContain(`${image} `)
      expect(stderr).toContain('Write to another file with --to.')
      expect(status).toBe(2)
    }
    expect(contentsOf(path.dirname(image))).toEqual(before)
    const target = path.join(temporaryFolder(), 'y.iso')
    expect(isolde(['edit', image, ...more, '--to', target, '--delete', 'one.txt']).status).toBe(0)
    expect(isolde(['list', target]).stdout.trim()).toBe('two.txt')
  })

  it('says where the image is that it has made, and overwrites nothing that was kept before', () => {
    const image = make()
    const kept = path.join(path.dirname(image), 'x.before.iso')
    fs.writeFileSync(kept, 'kept before')
    const { status, rows, stderr } = isolde(['edit', image, '--replace', '--delete', 'one.txt', '--json'])
    expect([status, rows.at(-1)?.path]).toEqual([0, image])
    expect(stderr).toContain('x.before2.iso')
    expect(fs.readFileSync(kept, 'utf8')).toBe('kept before')
    expect(fs.readdirSync(path.dirname(image)).toSorted()).toEqual(['x.before.iso', 'x.before2.iso', 'x.iso'])
  })

  it('with --allow-damaged leaves a damaged image as it is: what is missing may still be rescued', () => {
    const image = make()
    const rows = isolde(['list', image, '--json']).rows as { path: string; extents: [number, number][] }[]
    fs.truncateSync(image, rows.find(({ path: name }) => name === 'two.txt')?.extents[0]?.[0])
    const damaged = fs.readFileSync(image)
    const { status, stderr, rows: told } = isolde(['edit', image, '--replace', '--allow-damaged', '--json'])
    const copy = path.join(path.dirname(image), 'x.edited.iso')
    expect([status, told.at(-1)?.path]).toEqual([1, copy])
    expect(stderr).toContain(`${image} is left as it was`)
    expect(stderr).toContain(copy)
    expect(isolde(['list', copy]).stdout.trim()).toBe('one.txt')
    expect(Buffer.compare(fs.readFileSync(image), damaged)).toBe(0)
    expect(fs.readdirSync(path.dirname(image)).toSorted()).toEqual(['x.edited.iso', 'x.iso'])
  })

  // The kernel says that it has 4096 bytes, and gives a few: a file that became shorter while it was read.
  const added = '/sys/devices/system/cpu/online'
  const hasShrinking = fs.existsSync(added)
  const needs = hasShrinking ? '' : ' (skipped: it needs /sys)'
  it.skipIf(!hasShrinking)(`leaves the original where the copy is not as it was asked for${needs}`, () => {
    const image = make()
    const before = fs.readFileSync(image)
    const { status, stderr, rows } = isolde(['edit', image, '--replace', '--add', `${added}=new`, '--json'])
    const copy = path.join(path.dirname(image), 'x.edited.iso')
    expect([status, rows.at(-1)?.path]).toEqual([1, copy])
    expect(stderr).toContain(`${image} is left as it was, because the changed copy does not hold all of it`)
    expect(stderr).toContain(copy)
    expect(Buffer.compare(fs.readFileSync(image), before)).toBe(0)
  })
})
