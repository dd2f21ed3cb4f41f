// Makes the large images once and keeps them in .cache/bench.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { isInstalled } from './measure.mjs'

const cache = path.resolve('.cache/bench')

/** The images by what they are for; those that cannot be made here are null. @param isLarge also those of gigabytes */
export function makeImages(isLarge) {
  fs.mkdirSync(cache, { recursive: true })
  if (!isInstalled('xorriso')) {
    console.log('xorriso is not installed, so there are no images to measure with.')
    return {}
  }
  return {
    entries100k: made('entries-100k.iso', (tree) => manyFiles(tree, 100, 1000, () => 0)),
    entries1m: isLarge ? made('entries-1m.iso', (tree) => manyFiles(tree, 1000, 1000, () => 0)) : null,
    small: made('small-50k.iso', (tree) => manyFiles(tree, 500, 100, (i) => 100 + ((i * 7919) % 7900))),
    mixed: isLarge
      ? made('mixed.iso', (tree) => mixedTree(tree, 20_000, 2 ** 31))
      : made('mixed-small.iso', (tree) => mixedTree(tree, 5000, 2 ** 28)),
    oneLarge: isLarge ? made('one-4g.iso', (tree) => largeFile(path.join(tree, 'large.bin'), 2 ** 32)) : null,
    zisofs: made('zisofs.iso', (tree) => textFiles(tree, 300), true),
    zisofsLarge: isLarge ? made('zisofs-large.iso', (tree) => textFiles(tree, 2000), true) : null,
  }
}

/** A disk of 2 GiB without file systems, on which a small image lies. */
export function makeDisk() {
  fs.mkdirSync(cache, { recursive: true })
  const disk = path.join(cache, 'disk-2g.img')
  if (fs.existsSync(disk)) return disk
  const noise = randomBytes(1 << 24)
  const aside = fs.openSync(`${disk}.new`, 'w')
  fs.writeSync(aside, fs.readFileSync('tests/images/sample.iso'))
  for (let i = 0; i < 128; i++) fs.writeSync(aside, noise)
  fs.closeSync(aside)
  fs.renameSync(`${disk}.new`, disk)
  return disk
}

function made(name, fill, isPacked = false) {
  const image = path.join(cache, name)
  if (fs.existsSync(image)) return image
  const tree = path.join(cache, `${name}.tree`)
  fs.rmSync(tree, { recursive: true, force: true })
  fs.mkdirSync(tree)
  fill(tree)
  const aside = `${image}.new`
  const options = { stdio: 'ignore' }
  if (isPacked)
    execFileSync(
      'xorriso',
      ['-outdev', aside, '-map', tree, '/', '-set_filter_r', '--zisofs', '/', '--', '-commit'],
      options,
    )
  else execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-iso-level', '3', '-R', '-J', '-o', aside, tree], options)
  fs.renameSync(aside, image)
  fs.rmSync(tree, { recursive: true, force: true })
  return image
}

export function manyFiles(tree, folders, each, sizeOf) {
  const bytes = randomBytes(8192)
  for (let d = 0; d < folders; d++) {
    const folder = path.join(tree, `set ${Math.floor(d / 25)}`, `folder ${d}`)
    fs.mkdirSync(folder, { recursive: true })
    for (let i = 0; i < each; i++)
      fs.writeFileSync(path.join(folder, `a file with number ${i}.dat`), bytes.subarray(0, sizeOf(d * each + i)))
  }
}

/** Sizes as on an installation disc: most files small, most bytes in a few large ones. */
function mixedTree(tree, files, byteTotal) {
  const bytes = randomBytes(1 << 20)
  const large = Math.floor(byteTotal * 0.7)
  for (let i = 0; i < 8; i++) largeFile(path.join(tree, `large ${i}.bin`), Math.floor(large / 8))
  const mean = (byteTotal - large) / files
  for (let i = 0; i < files; i++) {
    const folder = path.join(tree, `part ${i % 10}`, `section ${Math.floor(i / 100)}`)
    fs.mkdirSync(folder, { recursive: true })
    const size = Math.min(bytes.length, Math.floor(mean * (0.2 + (1.6 * ((i * 7919) % 1000)) / 1000)))
    fs.writeFileSync(path.join(folder, `file ${i}.dat`), bytes.subarray(0, size))
  }
}

function largeFile(file, byteLength) {
  const bytes = randomBytes(1 << 22)
  const descriptor = fs.openSync(file, 'w')
  for (let at = 0; at < byteLength; at += bytes.length)
    fs.writeSync(descriptor, bytes, 0, Math.min(bytes.length, byteLength - at))
  fs.closeSync(descriptor)
}

function textFiles(tree, count) {
  const words = 'the quick brown fox jumps over the lazy dog while discs keep turning'.split(' ')
  for (let i = 0; i < count; i++) {
    let text = ''
    for (let n = 0; n < 60_000; n++) text += `${words[(n * n + i) % words.length]} ${n % 97}\n`
    fs.writeFileSync(path.join(tree, `text ${i}.txt`), text)
  }
}

/** A tree of so many bytes that packs as programs and their texts do: to a third or so. */
export function sourceFiles(tree, byteTotal) {
  const words = Array.from({ length: 4096 }, (_, i) => `${((i * 2654435761) >>> 0).toString(36)} `)
  let seed = 1
  const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0)
  for (let left = byteTotal, number = 0; left > 0; number++) {
    const folder = path.join(tree, `folder ${number % 40}`)
    fs.mkdirSync(folder, { recursive: true })
    const length = Math.min(left, 2000 + (next() % (number % 10 === 0 ? 4_000_000 : 60_000)))
    const parts = []
    for (let made = 0; made < length;) {
      const word = words[(next() >>> 8) % (next() % 7 === 0 ? 4096 : 300)]
      parts.push(word)
      made += word.length
    }
    fs.writeFileSync(path.join(folder, `file ${number}.txt`), parts.join('').slice(0, length))
    left -= length
  }
}
