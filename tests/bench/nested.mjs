// What disc images hold, beside the programs that read it: SquashFS, Windows images, EROFS, ext4.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { manyFiles, sourceFiles } from './images.mjs'
import { commandLine, isInstalled } from './measure.mjs'

const cache = path.resolve('.cache/bench')

/** Title, file, the program that makes it of a tree, and those that unpack it beside Isolde. */
const WHOLE = [
  ...['gzip', 'zstd', 'xz', 'lz4', 'lzo'].map((way) => ({
    title: `SquashFS ${way}`,
    file: `tree-${way}.sqfs`,
    make: ['mksquashfs', (tree, image) => [tree, image, '-comp', way, '-quiet', '-no-progress']],
    others: [unsquashfs, ...(way === 'lz4' ? [] : [sevenZip])],
    limit: way === 'xz' ? 'aim: ≤ 1.5× of the faster' : 'aim: ≤ 1.2× of the faster',
  })),
  ...[
    ['XPRESS', ['--compress=XPRESS']],
    ['LZX', ['--compress=LZX']],
    ['solid LZMS', ['--solid']],
  ].map(([way, options]) => ({
    title: `WIM ${way}`,
    file: `tree-${way.replace(' ', '-')}.wim`,
    make: ['wimlib-imagex', (tree, image) => ['capture', tree, image, ...options]],
    others: [wimlib, sevenZip],
    limit: way === 'solid LZMS' ? 'aim: ≤ 1.5× of the faster' : 'aim: ≤ 1.2× of the faster',
  })),
  {
    title: 'EROFS lz4hc',
    file: 'tree.erofs',
    make: ['mkfs.erofs', (tree, image) => ['-zlz4hc', '--quiet', image, tree]],
    others: [fsckErofs],
  },
]

const LISTED = [
  {
    title: 'SquashFS',
    file: 'many.sqfs',
    make: ['mksquashfs', (tree, image) => [tree, image, '-quiet', '-no-progress']],
    others: (image) => [
      { name: '7zz', program: '7zz', args: ['l', '-ba', image] },
      { name: 'unsquashfs', program: 'unsquashfs', args: ['-lc', image] },
    ],
  },
  {
    title: 'WIM',
    file: 'many.wim',
    make: ['wimlib-imagex', (tree, image) => ['capture', tree, image]],
    others: (image) => [
      { name: '7zz', program: '7zz', args: ['l', '-ba', image] },
      { name: 'wimlib', program: 'wimlib-imagex', args: ['dir', image, '1'] },
    ],
  },
]

/**
 * @param compare as in run.mjs
 * @param folder to unpack to, in memory where there is such
 */
export async function measureNested(compare, folder) {
  const prepare = () => fs.rmSync(folder, { recursive: true, force: true })
  for (const { title, file, make, others, limit } of WHOLE) {
    const image = made(file, make, 'tree-150m', (tree) => sourceFiles(tree, 150_000_000))
    if (image === null) continue
    const commands = [
      commandLine('isolde', ['extract', image, '--to', folder, '-q']),
      ...others.map((other) => other(image, folder)),
    ]
    await compare(`extract 150 MB of ${title} to memory`, commands, { prepare, limit })
  }
  for (const { title, file, make, others } of LISTED) {
    const image = made(file, make, 'tree-50k', (tree) => manyFiles(tree, 500, 100, (i) => i % 100))
    if (image === null) continue
    const commands = [commandLine('isolde', ['list', image]), ...others(image)]
    await compare(`list 50 000 files of ${title}`, commands, { limit: 'aim: ≤ 1.3× of 7zz' })
  }
  prepare()
}

/** Null where the program is not installed. Trees are made once, and serve all that are made of them. */
function made(file, [program, argumentsFor], treeName, fill) {
  if (!isInstalled(program)) return null
  const image = path.join(cache, file)
  if (fs.existsSync(image)) return image
  const tree = path.join(cache, treeName)
  if (!fs.existsSync(tree)) {
    const aside = `${tree}.new`
    fs.rmSync(aside, { recursive: true, force: true })
    fs.mkdirSync(aside, { recursive: true })
    fill(aside)
    fs.renameSync(aside, tree)
  }
  fs.rmSync(`${image}.new`, { force: true })
  execFileSync(program, argumentsFor(tree, `${image}.new`), { stdio: 'ignore' })
  fs.renameSync(`${image}.new`, image)
  return image
}

function unsquashfs(image, folder) {
  return { name: 'unsquashfs', program: 'unsquashfs', args: ['-q', '-n', '-d', folder, image] }
}

function sevenZip(image, folder) {
  return { name: '7zz', program: '7zz', args: ['x', '-y', `-o${folder}`, image] }
}

function wimlib(image, folder) {
  return { name: 'wimlib', program: 'wimlib-imagex', args: ['apply', image, '1', folder] }
}

function fsckErofs(image, folder) {
  return { name: 'fsck.erofs', program: 'fsck.erofs', args: [`--extract=${folder}`, image] }
}
