import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { accessListOf } from '../../../src-main/image/core/extended-attributes'
import { attributeCalls, type AttributeCalls } from '../../../src-main/sinks/attribute-calls'
import { isInstalled, run } from '../desktop/programs'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

const LONG = Buffer.from('0123456789abcdef'.repeat(60))
const calls = await attributeCalls()
const isTaken = calls !== null && takesAttributes(calls)

/** Not every file system that tests run on has them. */
function takesAttributes(own: AttributeCalls): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-test-'))
  try {
    return own.set(folder, 'user.test', Buffer.of(1))
  } finally {
    fs.rmdirSync(folder)
  }
}

/** A folder of which nearly everything has attributes. */
function sourceTree(folder: string, own: AttributeCalls): string {
  const tree = path.join(folder, 'tree')
  const set = (name: string, attribute: string, value: Buffer): boolean =>
    own.set(path.join(tree, name), attribute, value)
  fs.mkdirSync(path.join(tree, 'inner'), { recursive: true })
  for (const name of ['a', 'none', 'inner/b', 'inner/c']) fs.writeFileSync(path.join(tree, name), name)
  fs.symlinkSync('a', path.join(tree, 'link'))
  set('a', 'user.note', Buffer.from('short'))
  set('a', 'user.long', LONG)
  set('inner', 'user.of-folder', Buffer.from('on a folder'))
  // The same of two files: some formats keep it once.
  for (const name of ['inner/b', 'inner/c']) set(name, 'user.note', Buffer.from('shared'))
  set('inner/c', 'user.empty', Buffer.alloc(0))
  fs.chmodSync(path.join(tree, 'inner/c'), 0o444)
  return tree
}

/** What people and programs have given each thing below; the system's own labels are left out. */
function attributesBelow(tree: string, own: AttributeCalls): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of fs.readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    const at = path.join(tree, name)
    const ofPeople = own.list(at).filter((each) => each.startsWith('user.'))
    for (const each of ofPeople.sort()) found[`${name} ${each}`] = own.get(at, each)?.toString('latin1') ?? ''
  }
  return found
}

const WRITERS: [program: string, make: (tree: string, image: string) => void][] = [
  ['mksquashfs', (tree, image) => run('mksquashfs', [tree, image, '-quiet', '-no-progress'])],
  ['mkfs.erofs', (tree, image) => run('mkfs.erofs', ['--quiet', image, tree])],
  ['xorriso', (tree, image) => run('xorriso', ['-outdev', image, '-xattr', 'any', '-map', tree, '/', '-commit'])],
  ['mke2fs', (tree, image) => run('mke2fs', ['-q', '-t', 'ext4', '-d', tree, image, '8M'])],
]

describe.skipIf(!isTaken)('extended attributes', () => {
  it.each(WRITERS.filter(([program]) => isInstalled(program)))(
    'of an image by %s come out as they went in, where that is asked for',
    (_, make) => {
      if (calls === null) return
      const folder = temporaryFolder()
      const tree = sourceTree(folder, calls)
      const [image, out, plain] = ['image', 'out', 'plain'].map((name) => path.join(folder, name)) as [
        string,
        string,
        string,
      ]
      make(tree, image)
      const extracted = isolde(['extract', image, '--to', out, '--xattrs', '--modes'])
      expect([extracted.status, extracted.stderr]).toEqual([0, ''])
      fs.rmSync(path.join(out, 'lost+found'), { recursive: true, force: true })
      expect(attributesBelow(out, calls)).toEqual(attributesBelow(tree, calls))
      expect(Object.keys(attributesBelow(tree, calls))).toHaveLength(6)
      // The time is set before, and a file that may not be written is so again.
      expect(fs.statSync(path.join(out, 'a')).mtimeMs).toBeCloseTo(fs.statSync(path.join(tree, 'a')).mtimeMs, -4)
      expect(fs.statSync(path.join(out, 'inner/c')).mode & 0o777).toBe(0o444)
      expect(isolde(['extract', image, '--to', plain]).status).toBe(0)
      expect(attributesBelow(plain, calls)).toEqual({})
    },
  )

  it.skipIf(!isInstalled('mksquashfs'))('whose names begin in no known way are damage', () => {
    if (calls === null) return
    const folder = temporaryFolder()
    const [image, out] = [path.join(folder, 'image'), path.join(folder, 'out')]
    run('mksquashfs', [sourceTree(folder, calls), image, '-noX', '-quiet', '-no-progress'])
    const bytes = fs.readFileSync(image)
    // squashfs_xattr_entry: type and length in front of the name.
    const at = bytes.indexOf('of-folder') - 4
    expect([bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)]).toEqual([0, 9])
    bytes.writeUInt16LE(24, at)
    fs.writeFileSync(image, bytes)
    const { status, stderr } = isolde(['extract', image, '--to', out, '--xattrs'])
    expect([status, stderr]).toEqual([1, expect.stringContaining('have a name that begins in no known way')])
  })

  it.skipIf(!isInstalled('debugfs'))('that the system does not take are named, and the exit status is 1', () => {
    if (calls === null) return
    const folder = temporaryFolder()
    const [image, out] = [path.join(folder, 'image'), path.join(folder, 'out')]
    run('mke2fs', ['-q', '-t', 'ext4', '-d', sourceTree(folder, calls), image, '8M'])
    // Linux lets nobody give such to a link.
    run('debugfs', ['-w', '-R', 'ea_set /link user.impossible value', image])
    const { status, stderr } = isolde(['extract', image, '--to', out, '--xattrs', '--exclude', 'lost+found'])
    expect(status).toBe(1)
    expect(stderr).toContain(
      '“link” lost extended attributes that the destination or your rights do not take: user.impossible.',
    )
    expect(fs.readlinkSync(path.join(out, 'link'))).toBe('a')
    fs.rmSync(out, { recursive: true })
    const lines = isolde(['extract', image, '--to', out, '--xattrs', '--exclude', 'lost+found', '--json'])
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const link = lines.find((line) => line.path === 'link')
    expect(link).toMatchObject({ to: 'link', status: 'partial', code: 'ATTRIBUTES_LOST' })
    expect(lines.at(-1)).toMatchObject({ summary: true, problems: 1, symlinks: 1 })
  })
})

it('are not for archives', () => {
  expect(isolde(['extract', 'x.iso', '--format', 'zip', '--xattrs'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--xattrs is for folders') as string,
  })
})

it('an access control list of ext is the one that Linux takes', () => {
  // u::rw-, u:1234:rw-, g::r--, m::rw-, o::r--
  const recorded = Buffer.from(
    '01000000' + '01000600' + '02000600d2040000' + '04000400' + '10000600' + '20000400',
    'hex',
  )
  expect(Buffer.from(accessListOf(recorded)).toString('hex')).toBe(
    '02000000' + '01000600ffffffff' + '02000600d2040000' + '04000400ffffffff' + '10000600ffffffff' + '20000400ffffffff',
  )
  expect(() => accessListOf(recorded.subarray(0, 14))).toThrow('cut short')
})
