import fs from 'node:fs'
import path from 'node:path'

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const WORDS = [
  'read me',
  'Grüße',
  '日本語',
  'setup',
  'DATA',
  'data',
  'a.b.c',
  'very-long-'.repeat(9),
  'x',
  '.hidden',
  'tilde~1',
  'semi;colon',
  '𝄞 clef',
]
const EXTENSIONS = ['', '.txt', '.TXT', '.tar.gz', '.longextension', '.']

/** Every third tree has no symbolic links. */
export function hasLinks(seed: number): boolean {
  return seed % 3 !== 2
}

/** Makes a folder of files, folders and links as the seed says. */
export function makeRandomTree(folder: string, seed: number): void {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const files: string[] = []
  const fill = (at: string, depth: number): void => {
    fs.mkdirSync(at, { recursive: true })
    const count = Math.floor(random() * (depth === 0 ? 24 : 9))
    for (let i = 0; i < count; i++) {
      const name = `${pick(WORDS)}${random() < 0.3 ? String(Math.floor(random() * 30)) : ''}${pick(EXTENSIONS)}`
      const own = path.join(at, name)
      if (fs.lstatSync(own, { throwIfNoEntry: false })) continue
      const kind = random()
      if (kind < 0.25 && depth < 11) fill(own, depth + 1)
      else if (kind < 0.33 && hasLinks(seed))
        fs.symlinkSync(
          pick([
            '../x',
            'a//b',
            '//x',
            'dir/',
            '/etc/hosts',
            'a/b/../c',
            '.',
            `${'deep/'.repeat(40)}end`,
            'x'.repeat(300).slice(0, 250),
          ]),
          own,
        )
      else if (kind < 0.38 && files.length > 0) fs.linkSync(pick(files), own)
      else {
        const length = pick([0, 1, 17, 2047, 2048, 2049, 4096, 70_000])
        fs.writeFileSync(own, Buffer.alloc(length, `${seed} ${i} ${name}`))
        fs.utimesSync(own, 0, Math.floor(random() * 1.6e9))
        if (random() < 0.3) fs.chmodSync(own, pick([0o600, 0o755, 0o444, 0o640]))
        files.push(own)
      }
    }
  }
  fill(folder, 0)
  // Deep enough for the eight levels of ECMA-119 to matter.
  let at = folder
  for (let level = 0; level < 11; level++) at = path.join(at, `level ${level}`)
  fs.mkdirSync(at, { recursive: true })
  fs.writeFileSync(path.join(at, 'leaf.txt'), 'leaf')
}
