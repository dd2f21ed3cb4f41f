import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, planImage, PRESETS, writePlan, type AuthorOptions } from '../../src-main/author'
import { itWith, run, SEVEN_ZIP } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'
import { hasLinks, makeRandomTree } from './random-tree'

const COUNT = Number(process.env.ISOLDE_AUTHOR_TREES ?? '12')
const EMPTY = createHash('sha256').digest('hex')
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

/** Everything below a folder: paths, kinds, contents, targets and permissions. Links are not followed. */
function describeFolder(folder: string, found: Record<string, string> = {}, at = ''): Record<string, string> {
  for (const name of fs.readdirSync(path.join(folder, at))) {
    const own = path.join(at, name)
    const full = path.join(folder, own)
    const stat = fs.lstatSync(full)
    if (stat.isSymbolicLink()) found[own] = `-> ${fs.readlinkSync(full)}`
    else if (stat.isDirectory()) {
      found[own] = 'folder'
      describeFolder(folder, found, own)
    } else {
      const sum = createHash('sha256').update(fs.readFileSync(full)).digest('hex')
      found[own] = `${sum} ${(stat.mode & 0o777).toString(8)} ${Math.floor(stat.mtimeMs / 1000)}`
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

  if (typeof SETS[seed % SETS.length]?.udf === 'string')
    itWith('udfinfo', 'is a closed UDF volume of as many files for udfinfo', async () => {
      const { source, image, options } = await make(temporaryFolder(), seed)
      const said = run('udfinfo', [image])
      const entries = Object.values(describeFolder(source))
      const folders = entries.filter((what) => what === 'folder').length
      expect(said).toContain(`numdirs=${folders + 1}\n`)
      expect(said).toContain(`udfrev=${options.udf}\n`)
      expect(said).toContain('integrity=closed\n')
    })

  // 7-Zip has no attributes, and names its own way: what can be compared is what every file holds.
  itWith(SEVEN_ZIP, 'has every file for 7-Zip, by its bytes', async () => {
    const { source, image, options } = await make(temporaryFolder(), seed)
    const expected = Object.values(describeFolder(source))
      .filter((line) => /^[0-9a-f]{64} /.test(line))
      .map((line) => line.slice(0, 64))
      .filter((sum) => sum !== EMPTY)
      .toSorted()
    // It refuses a UDF tree that has symbolic links in it, whoever made it.
    for (const type of options.udf === null || hasLinks(seed) ? ['iso'] : ['iso', 'udf'])
      expect(sumsBySevenZip(image, type)).toEqual(expected)
  })
})

/** SHA-256 of every file that is not empty in the tree that 7-Zip shows, sorted; it takes links for empty files. */
function sumsBySevenZip(image: string, type: string): string[] {
  const listed = run(SEVEN_ZIP, ['l', `-t${type}`, '-slt', '-ba', image])
  const items = listed
    .split(/\n\n+/)
    .filter((item) => item.startsWith('Path = ') && item.includes('Folder = -'))
    .map((item) => ({
      byteLength: Number(/^Size = (\d+)$/m.exec(item)?.[1] ?? '0'),
    }))
  const { stdout } = spawnSync(SEVEN_ZIP, ['x', `-t${type}`, '-so', image], { maxBuffer: 1 << 28 })
  let at = 0
  const sums = items.map(({ byteLength }) => {
    const bytes = stdout.subarray(at, at + byteLength)
    at += byteLength
    return createHash('sha256').update(bytes).digest('hex')
  })
  expect(at).toBe(stdout.byteLength)
  return sums.filter((sum) => sum !== EMPTY).toSorted()
}
