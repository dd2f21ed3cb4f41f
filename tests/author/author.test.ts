import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { itWith, run } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'
import { makeRandomTree } from './random-tree'

const COUNT = Number(process.env.ISOLDE_AUTHOR_TREES ?? '12')
const CONTROL = { checkpoint: () => undefined, progress: () => undefined }

const SETS: readonly AuthorOptions[] = [
  PRESETS.data,
  PRESETS.compatible,
  PRESETS.linux,
  { ...PRESETS.data, isoLevel: 1 },
  { ...PRESETS.data, isoLevel: 4, jolietLong: true },
  { ...PRESETS.linux, deep: 'keep' },
  { ...PRESETS.data, udf: '1.50', dedupe: true },
  { ...PRESETS.data, udf: '2.01' },
]

async function make(folder: string, seed: number): Promise<{ source: string; image: string; options: AuthorOptions }> {
  const source = path.join(folder, 'source')
  makeRandomTree(source, seed)
  const image = path.join(folder, 'made.iso')
  const options = { ...SETS[seed % SETS.length]!, label: `TREE ${seed}`, date: 1e12 }
  await writePlan(await planImage(collect([{ path: source, at: '' }]).root, options), image, CONTROL)
  return { source, image, options }
}

/** Everything below a folder: paths, kinds, contents, targets and permissions. */
function describeFolder(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = path.join(folder, name)
    const stat = fs.lstatSync(full)
    if (stat.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(full)}`
    else if (stat.isDirectory()) found[name] = 'folder'
    else {
      const sum = createHash('sha256').update(fs.readFileSync(full)).digest('hex')
      found[name] = `${sum} ${(stat.mode & 0o777).toString(8)} ${Math.floor(stat.mtimeMs / 1000)}`
    }
  }
  return found
}

describe.each(Array.from({ length: COUNT }, (_, index) => index))('random tree %i', (seed) => {
  // Reading back is part of writing: every path, kind, size, target and place in every tree.
  it('is written as planned, twice the same', async () => {
    const folder = temporaryFolder()
    const { source, image, options } = await make(folder, seed)
    const again = path.join(folder, 'again.iso')
    await writePlan(await planImage(collect([{ path: source, at: '' }]).root, options), again, CONTROL)
    expect(Buffer.compare(fs.readFileSync(image), fs.readFileSync(again))).toBe(0)
  })

  itWith('bsdtar', 'is what bsdtar extracts', async () => {
    const folder = temporaryFolder()
    const { source, image } = await make(folder, seed)
    const extracted = path.join(folder, 'extracted')
    fs.mkdirSync(extracted)
    run('bsdtar', ['-xpf', image, '-C', extracted])
    expect(describeFolder(extracted)).toEqual(describeFolder(source))
  })

  itWith('xorriso', 'is what xorriso extracts', async () => {
    const folder = temporaryFolder()
    const { source, image } = await make(folder, seed)
    const extracted = path.join(folder, 'extracted')
    run('xorriso', ['-osirrox', 'on', '-indev', image, '-extract', '/', extracted])
    expect(describeFolder(extracted)).toEqual(describeFolder(source))
  })

  itWith('isovfy', 'has nothing that isovfy finds', async () => {
    const { image } = await make(temporaryFolder(), seed)
    expect(run('isovfy', [image])).toContain('No errors found')
  })

  itWith('7zz', 'has every file for 7-Zip, by its bytes', async () => {
    const folder = temporaryFolder()
    const { source, image } = await make(folder, seed)
    const extracted = path.join(folder, 'extracted')
    run('7zz', ['x', '-y', `-o${extracted}`, image])
    const sums = (of: string): string[] =>
      Object.values(describeFolder(of))
        .filter((line) => /^[0-9a-f]{64} /.test(line))
        .map((line) => line.slice(0, 64))
        .toSorted()
    expect(sums(extracted)).toEqual(sums(source))
  })
})
