import fs from 'node:fs'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { itWith, run, SEVEN_ZIP } from '../unit/desktop/programs'
import { temporaryFolder, treeOf } from '../unit/support'

/** An image, and one with a session more: `own/new.txt` added, `own/old.txt` deleted. */
function appended(create: readonly string[] = []): { folder: string; before: string; after: string } {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'source/own/deep'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'source/own/old.txt'), 'old')
  fs.writeFileSync(path.join(folder, 'source/own/deep/large.bin'), Buffer.alloc(300_000, 'large '))
  fs.symlinkSync('deep/large.bin', path.join(folder, 'source/own/link'))
  fs.writeFileSync(path.join(folder, 'new.txt'), 'new')
  const [before, after] = [path.join(folder, 'before.iso'), path.join(folder, 'after.iso')]
  expect(isolde(['create', before, path.join(folder, 'source'), '--label', 'FIRST', ...create]).status).toBe(0)
  expect(append(before, after, folder).status).toBe(0)
  return { folder, before, after }
}

function append(before: string, after: string, folder: string): ReturnType<typeof isolde> {
  const changes = ['--add', `${path.join(folder, 'new.txt')}=own/new.txt`, '--delete', 'own/old.txt']
  return isolde(['edit', before, '--to', after, '--append', ...changes, '--label', 'SECOND'])
}

function unpacked(image: string, view?: string): Record<string, string> {
  const out = temporaryFolder()
  expect(isolde(['extract', image, '--to', out, ...(view === undefined ? [] : ['--view', view])]).status).toBe(0)
  return treeOf(out)
}

describe('a session that is added', () => {
  it.each([
    ['with UDF', []],
    ['without', ['--no-udf']],
    ['with Rock Ridge alone', ['--no-udf', '--no-joliet']],
  ])('shows the new tree, and leaves the old one as session 1: %s', (_, options) => {
    const { folder, before, after } = appended(options)
    const old = unpacked(before)
    expect(unpacked(after, 'rock-ridge@1')).toEqual(old)
    const { 'own/old.txt': deleted, ...kept } = old
    expect(deleted).toBeDefined()
    const added = fs.readFileSync(path.join(folder, 'new.txt'), 'base64')
    expect(unpacked(after)).toEqual({ ...kept, 'own/new.txt': added })
  })

  it('moves nothing that is there', () => {
    const { before, after } = appended()
    const placeIn = (image: string): unknown =>
      isolde(['list', image, '--json']).rows.find((row) => row.path === 'own/deep/large.bin')?.extents
    expect(placeIn(before)).toEqual(expect.arrayContaining([[expect.any(Number), 300_000]]))
    expect(placeIn(after)).toEqual(placeIn(before))
  })

  it('may have others behind it', () => {
    const { folder, after } = appended()
    const third = path.join(folder, 'third.iso')
    const added = `${path.join(folder, 'new.txt')}=third.txt`
    expect(isolde(['edit', after, '--to', third, '--append', '--add', added]).status).toBe(0)
    expect(unpacked(third)['third.txt']).toBeDefined()
    expect(unpacked(third, 'rock-ridge@2')).toEqual(unpacked(after))
    expect(unpacked(third, 'rock-ridge@1')).toEqual(unpacked(after, 'rock-ridge@1'))
  })

  itWith('xorriso', 'is a session to another program, and both trees are as they should be', () => {
    for (const options of [[], ['--no-udf']]) {
      const { before, after } = appended(options)
      const sessions = run('sh', ['-c', `xorriso -indev '${after}' -toc 2>&1`]).match(/^ISO session .*/gm)
      expect(sessions).toHaveLength(2)
      expect(sessions?.[0]).toContain('FIRST')
      expect(sessions?.[1]).toContain('SECOND')
      const extracted = (session: readonly string[]): Record<string, string> => {
        const out = path.join(temporaryFolder(), 'out')
        run('xorriso', ['-osirrox', 'on', ...session, '-indev', after, '-extract', '/', out])
        run('chmod', ['-R', 'u+w', out])
        return treeOf(out)
      }
      expect(extracted(['-load', 'session', '1'])).toEqual(unpacked(before))
      expect(extracted([])).toEqual(unpacked(after))
    }
  })

  itWith(SEVEN_ZIP, 'is whole to another program where nothing but names changed', () => {
    const { folder, before } = appended()
    const changes = [
      ['--delete', 'own/old.txt'],
      ['--rename', 'own/old.txt=own/other.txt'],
      ['--add', `${path.join(folder, 'new.txt')}=new.txt`],
    ]
    for (const [at, change] of changes.entries()) {
      const after = path.join(folder, `after-${at}.iso`)
      expect(isolde(['edit', before, '--to', after, '--append', ...change]).status).toBe(0)
      expect(run(SEVEN_ZIP, ['t', after])).toMatch(/^Everything is Ok$/m)
    }
  })

  itWith('isoinfo', 'is what isoinfo shows', () => {
    const { after } = appended()
    const shown = run('isoinfo', ['-i', after, '-R', '-f']).split('\n')
    expect(shown).toContain('/own/new.txt')
    expect(shown).not.toContain('/own/old.txt')
    expect(run('isoinfo', ['-i', after, '-d'])).toContain('Volume id: SECOND')
  })

  itWith('udfinfo', 'is a UDF volume to its end', () => {
    const { after } = appended()
    const facts = run('udfinfo', [after])
    expect(facts).toMatch(/^label=SECOND$/m)
    expect(facts).toMatch(/^integrity=closed$/m)
    expect(facts).toMatch(/^numfiles=3$/m)
  })

  itWith('xorriso', 'keeps what boots where it is', () => {
    const folder = temporaryFolder()
    const [before, after] = [path.join(folder, 'boot.iso'), path.join(folder, 'after.iso')]
    // A disc that starts from discs alone.
    const disc = zstdDecompressSync(fs.readFileSync('tests/images/bootable.iso.zst'))
    fs.writeFileSync(before, disc.fill(0, 0, 512))
    fs.writeFileSync(path.join(folder, 'new.txt'), 'new')
    const added = `${path.join(folder, 'new.txt')}=new.txt`
    expect(isolde(['edit', before, '--to', after, '--append', '--add', added]).status).toBe(0)
    const entries = (image: string): string[] =>
      run('sh', ['-c', `xorriso -indev '${image}' -report_el_torito plain 2>/dev/null`]).match(
        /^El Torito boot img.*/gm,
      ) ?? []
    expect(entries(before).length).toBeGreaterThan(0)
    expect(entries(after)).toEqual(entries(before))
  })
})

it('is refused where partitions lead to what it would cover, and where sums would not fit any more', () => {
  const folder = temporaryFolder()
  const [disk, summed, after] = ['disk.iso', 'summed.iso', 'after.iso'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ]
  fs.writeFileSync(disk, zstdDecompressSync(fs.readFileSync('tests/images/bootable.iso.zst')))
  fs.writeFileSync(path.join(folder, 'new.txt'), 'new')
  expect(isolde(['create', summed, path.join(folder, 'new.txt'), '--md5', '--no-udf']).status).toBe(0)
  for (const [image, why] of [
    [disk, 'partitions'],
    [summed, 'MD5 sums'],
  ] as const) {
    const { status, stderr } = isolde(['edit', image, '--to', after, '--append', '--label', 'NEW'])
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)])
    expect(fs.existsSync(after)).toBe(false)
  }
})

it('is refused in a sentence where the image is in another form', () => {
  const folder = temporaryFolder()
  fs.writeFileSync(path.join(folder, 'new.txt'), 'new')
  expect(isolde(['convert', 'tests/images/sample.iso', path.join(folder, 'a.cue')]).status).toBe(0)
  const added = `${path.join(folder, 'new.txt')}=new.txt`
  const ran = isolde([
    'edit',
    path.join(folder, 'a.cue'),
    '--to',
    path.join(folder, 'b.iso'),
    '--append',
    '--add',
    added,
  ])
  expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('is an image in another form') as string })
  expect(fs.existsSync(path.join(folder, 'b.iso'))).toBe(false)
})
