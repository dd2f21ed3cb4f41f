import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isInstalled, run } from '../desktop/programs'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

const BLOCK = 128 << 10
/** Seconds since 1970. */
const MODIFIED = 1_000_000_000

/** Enough for other threads to be started, and every kind of file that blocks are made of. */
function makeTree(tree: string): void {
  fs.mkdirSync(path.join(tree, 'folder'), { recursive: true })
  const large = Buffer.alloc(17 << 20, 'all work and no play makes a dull block. ')
  for (let at = 0; at < large.length; at += 4096) crypto.randomFillSync(large, at, 700)
  fs.writeFileSync(path.join(tree, 'large'), large)
  fs.utimesSync(path.join(tree, 'large'), MODIFIED, MODIFIED)
  // Blocks that do not pack are stored; blocks of zeros lie nowhere.
  fs.writeFileSync(path.join(tree, 'stored'), crypto.randomBytes(5 * BLOCK + 17))
  fs.writeFileSync(path.join(tree, 'zeros'), Buffer.alloc(7 * BLOCK + 5))
  fs.writeFileSync(
    path.join(tree, 'hole in the middle'),
    Buffer.concat([large.subarray(0, BLOCK), Buffer.alloc(BLOCK), large.subarray(0, 99)]),
  )
  fs.writeFileSync(path.join(tree, 'empty'), '')
  for (let i = 0; i < 300; i++)
    fs.writeFileSync(path.join(tree, 'folder', `short ${i}`), large.subarray(i * 100, i * 150))
  fs.linkSync(path.join(tree, 'large'), path.join(tree, 'a name more'))
  fs.linkSync(path.join(tree, 'folder', 'short 7'), path.join(tree, 'z name more'))
}

/** Where a tree lies, an image will, and what is extracted. */
function places(): { tree: string; image: string; out: string } {
  const folder = temporaryFolder()
  const tree = path.join(folder, 'tree')
  makeTree(tree)
  return { tree, image: path.join(folder, 'image'), out: path.join(folder, 'out') }
}

function sumsOf(folder: string): Map<string, string> {
  const sums = new Map<string, string>()
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isFile()) sums.set(path.relative(folder, file), crypto.hash('sha256', fs.readFileSync(file)))
  }
  return sums
}

const WRITERS: [title: string, program: string, argumentsFor: (tree: string, image: string) => string[]][] = [
  ...['gzip', 'zstd', 'xz', 'lz4'].map((way): (typeof WRITERS)[number] => [
    `mksquashfs ${way}`,
    'mksquashfs',
    (tree, image) => [tree, image, '-comp', way, '-quiet', '-no-progress'],
  ]),
  [
    'mksquashfs, large blocks, no fragments',
    'mksquashfs',
    (tree, image) => [tree, image, '-b', '1M', '-no-fragments', '-quiet', '-no-progress'],
  ],
  ...['XPRESS', 'LZX'].map((way): (typeof WRITERS)[number] => [
    `wimlib ${way}`,
    'wimlib-imagex',
    (tree, image) => ['capture', tree, image, `--compress=${way}`],
  ]),
  ['wimlib solid', 'wimlib-imagex', (tree, image) => ['capture', tree, image, '--solid']],
  ['wimlib pipable', 'wimlib-imagex', (tree, image) => ['capture', tree, image, '--pipable']],
]

for (const [title, program, argumentsFor] of WRITERS)
  it.skipIf(!isInstalled(program))(`${title}: every file is extracted as it was packed`, () => {
    const { tree, image, out } = places()
    run(program, argumentsFor(tree, image))
    expect(isolde(['extract', image, '--to', out])).toMatchObject({ status: 0 })
    expect(sumsOf(out)).toEqual(sumsOf(tree))
    const inode = (name: string): number => fs.statSync(path.join(out, name)).ino
    expect(inode('a name more')).toBe(inode('large'))
    expect(inode('z name more')).toBe(inode('folder/short 7'))
    expect(fs.statSync(path.join(out, 'large')).mtimeMs).toBe(MODIFIED * 1000)
  })

it.skipIf(!isInstalled('mksquashfs'))(
  'what does not unpack costs the blocks that it lies in, and their links alike',
  () => {
    const { tree, image, out } = places()
    run('mksquashfs', [tree, image, '-comp', 'gzip', '-quiet', '-no-progress', '-no-fragments'])
    const packed = fs.readFileSync(image)
    packed.fill(0, packed.length >> 1, (packed.length >> 1) + 300)
    fs.writeFileSync(image, packed)
    const { status, stderr } = isolde(['extract', image, '--to', out])
    expect(status).toBe(1)
    expect(stderr).toMatch(/is only partly there/)
    const [original, extracted] = [tree, out].map((root) => fs.readFileSync(path.join(root, 'large'))) as [
      Buffer,
      Buffer,
    ]
    expect(extracted.length).toBe(original.length)
    let wrong = 0
    for (let at = 0; at < original.length; at += BLOCK)
      if (!original.subarray(at, at + BLOCK).equals(extracted.subarray(at, at + BLOCK))) wrong++
    expect(wrong).toBe(1)
    expect(fs.readFileSync(path.join(out, 'a name more')).equals(extracted)).toBe(true)
    const other = [...sumsOf(out)].filter(([name]) => name !== 'large' && name !== 'a name more')
    const before = sumsOf(tree)
    expect(other.every(([name, sum]) => before.get(name) === sum)).toBe(true)
  },
)

it.skipIf(!isInstalled('wimlib-imagex'))(
  'a file that does not give its own SHA-1 is told, whichever thread wrote it',
  () => {
    const { tree, image, out } = places()
    run('wimlib-imagex', ['capture', tree, image, '--compress=LZX'])
    const packed = fs.readFileSync(image)
    // Of the file that is stored: its bytes can be read, and are others.
    const at = packed.indexOf(fs.readFileSync(path.join(tree, 'stored')).subarray(0, 64))
    packed[at + 5] = (packed[at + 5] ?? 0) ^ 1
    fs.writeFileSync(image, packed)
    const { status, stderr } = isolde(['extract', image, '--to', out])
    expect(status).toBe(1)
    expect(stderr).toMatch(/“stored”/)
  },
)

it.skipIf(!isInstalled('mksquashfs'))(
  'what the disk refuses ends it with a sentence, whichever thread has written',
  () => {
    const folder = temporaryFolder()
    const [tree, image, shim] = ['tree', 'image', 'shim.cjs'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ]
    fs.mkdirSync(tree)
    for (let i = 0; i < 8; i++) fs.writeFileSync(path.join(tree, `file ${i}`), Buffer.alloc(5 << 20, `in parts ${i} `))
    run('mksquashfs', [tree, image, '-quiet', '-no-progress'])
    // The times of files that threads have written in parts, when the last part of one is heard of.
    fs.writeFileSync(
      shim,
      `require('node:fs').lutimesSync = () => { throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }) }`,
    )
    const to = path.join(folder, 'to')
    fs.mkdirSync(to)
    const { status, stderr } = isolde(['extract', image, '--to', path.join(to, 'out')], {
      env: { NODE_OPTIONS: `--require ${shim}` },
    })
    expect(status).toBe(4)
    expect(stderr).toMatch(/^isolde: [^\n]*file \d[^\n]*\n$/)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(fs.readdirSync(to)).toEqual([])
  },
)
