import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseSums } from '../../../src-main/image/sums/sum-lines'
import { findSumsIn } from '../../../src-main/image/sums/sums-above'
import { findSums, readSumLists } from '../../../src-main/image/sums/sums'
import { verifyImage } from '../../../src-main/verify/verify'
import type { DiscImage, EntryTable } from '../../../src-main/image'
import { buildIso, SECTOR, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { UNCONTROLLED } from '../../../src-main/task'

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const NOT_ITS_SUM = '0'.repeat(64)

const ONE: BuildNode = { name: 'ONE.TXT;1', data: 'one' }

async function imageWith(list: string | Uint8Array, ...others: BuildNode[]): Promise<DiscImage> {
  return openBytes(buildIso([ONE, ...others, { name: 'SHA256SUMS;1', data: list }]).bytes)
}

async function treeOf(image: DiscImage): Promise<EntryTable> {
  return image.view(image.info.defaultViewId).readTree()
}

async function verdicts(image: DiscImage): Promise<string[]> {
  const { checks } = await verifyImage(image, image.info.defaultViewId, UNCONTROLLED)
  return checks.filter(({ kind }) => kind === 'sum-file').map(({ verdict, path }) => `${verdict} ${path ?? ''}`)
}

describe('a list of sums', () => {
  it('that names nothing of the image is another disc’s, and an empty one says nothing', async () => {
    expect(await verdicts(await imageWith(`${NOT_ITS_SUM}  debian-13.iso\n`))).toEqual([])
    expect(await verdicts(await imageWith(''))).toEqual([])
    expect(await verdicts(await imageWith(`${NOT_ITS_SUM}  gone\n${sha256('one')}  ONE.TXT\n`))).toEqual([
      'unreadable gone',
      'passed ONE.TXT',
    ])
  })

  it('names a file that is there once, not also by the other case of a name that is gone', async () => {
    const image = await imageWith(`${NOT_ITS_SUM}  one.txt\n${sha256('one')}  ONE.TXT\n`)
    expect(await verdicts(image)).toEqual(['unreadable one.txt', 'passed ONE.TXT'])
    expect([...(await findSums(await treeOf(image))).values()]).toMatchObject([{ hex: sha256('one') }])
    // Alone it is the same file, as on a system that knows no case.
    expect(await verdicts(await imageWith(`${sha256('one')}  one.txt\n`))).toEqual(['passed ONE.TXT'])
  })

  it('is a MANIFEST of FreeBSD’s, wherever it lies; sets that are not on the disc are not lost', async () => {
    const line = (name: string, sum: string): string =>
      `${name}.txz\t${sum}\t12\t${name}\t"Some system (MANDATORY)"\ton\n`
    const rest = line('base-dbg', NOT_ITS_SUM) + line('lib32', NOT_ITS_SUM)
    const at = async (folders: string[], text: string, sets: BuildNode[]): Promise<string[]> => {
      const files: BuildNode[] = [...sets, { name: 'MANIFEST.;1', data: text }]
      const nodes = folders.reduceRight((children, name): BuildNode[] => [{ name, children }], files)
      // The same name at the root is another file.
      const others: BuildNode[] = folders.length > 0 ? [{ name: 'BASE.TXZ;1', data: 'another' }] : []
      return verdicts(await openBytes(buildIso([...others, ...nodes]).bytes))
    }
    const base: BuildNode = { name: 'BASE.TXZ;1', data: 'base' }
    const right = line('base', sha256('base')) + rest
    const wrong = line('base', sha256('broken')) + rest
    expect(await at(['USR', 'FREEBSD-DIST'], right, [base])).toEqual(['passed USR/FREEBSD-DIST/BASE.TXZ'])
    expect(await at(['USR', 'FREEBSD-DIST'], wrong, [base])).toEqual(['failed USR/FREEBSD-DIST/BASE.TXZ'])
    expect(await at([], right, [base])).toEqual(['passed BASE.TXZ'])
    expect(await at([], wrong, [base])).toEqual(['failed BASE.TXZ'])
    // A disc that only starts a computer has the list, and fetches the sets.
    expect(await at(['USR', 'FREEBSD-DIST'], right, [])).toEqual([])
  })

  it('may lead through folders and back, but not out of the image', async () => {
    const folder = { name: 'DIR', children: [] }
    const image = await imageWith(`${sha256('one')}  ./DIR//../ONE.TXT\n${NOT_ITS_SUM}  ../ONE.TXT\n`, folder)
    expect(await verdicts(image)).toEqual(['passed ONE.TXT', 'unreadable ../ONE.TXT'])
  })

  it('may be longer than a call takes arguments', async () => {
    const image = await imageWith(`${sha256('one')}  ONE.TXT\n`.repeat(130_000))
    expect((await verdicts(image)).length).toBe(130_000)
  })

  it('of CRC-32 loses no line that is damaged', () => {
    expect(parseSums('; made by a program\n\none.bin 0123ABCD\ntwo.bin 0123AB\n', 'x.sfv')).toMatchObject({
      lines: [{ path: 'one.bin' }],
      notUnderstood: { count: 1, first: 'two.bin 0123AB' },
    })
  })

  it('above a part is believed where it is the image’s own', async () => {
    const list = (names: string[]): string => names.map((name) => `${NOT_ITS_SUM}  ${name}\n`).join('')
    const children = [{ name: 'SUB', children: [ONE, { name: 'TWO.TXT;1', data: 'two' }] }]
    const sumsWith = async (names: string[]): Promise<number> => {
      const { bytes } = buildIso([
        { name: 'DIR', children: [...children, { name: 'SHA256SUMS;1', data: list(names) }] },
      ])
      const view = (await openBytes(bytes)).view('iso9660')
      const whole = await findSums(await view.readTree())
      const part = await findSumsIn(view, await view.readTree({ from: 'DIR/SUB' }))
      expect(part.size).toBe(whole.size)
      return part.size
    }
    expect(await sumsWith(['SUB/ONE.TXT', 'SUB/TWO.TXT'])).toBe(2)
    expect(await sumsWith(['SUB/ONE.TXT', 'x/a', 'x/b', 'x/c'])).toBe(0)
  })
})

describe('what is written when an image is made', () => {
  /** El Torito's validation entry, and a boot image of four kilobytes. */
  const catalog = new Uint8Array(SECTOR)
  catalog.set([1])
  catalog.set([0x55, 0xaa], 30)
  catalog.set([(0x1_0000 - 0xaa56) & 0xff, (0x1_0000 - 0xaa56) >> 8], 28)
  const loader = new Uint8Array(4000).fill(7)

  function bootable(list: string): { bytes: Uint8Array; loaderAt: number } {
    const { bytes, blockOf } = buildIso([
      ONE,
      { name: 'BOOT.CAT;1', data: catalog },
      { name: 'LOADER.BIN;1', data: loader },
      { name: 'SHA256SUMS;1', data: list },
    ])
    const block = blockOf('LOADER.BIN;1')
    const loaderAt = block * SECTOR
    bytes.fill(0, loaderAt + 8, loaderAt + 64)
    let sum = 0
    for (let at = 64; at < loader.length; at += 4) sum = (sum + 0x07070707) >>> 0
    const table = Uint32Array.of(16, block, loader.length, sum)
    bytes.set(new Uint8Array(table.buffer), loaderAt + 8)
    return { bytes, loaderAt }
  }

  const before = `${NOT_ITS_SUM}  BOOT.CAT\n${sha256(loader)}  LOADER.BIN\n${sha256('one')}  ONE.TXT\n`

  it('is no damage where a list was made before', async () => {
    const image = await openBytes(bootable(before).bytes)
    expect(await verdicts(image)).toEqual(['passed BOOT.CAT', 'passed LOADER.BIN', 'passed ONE.TXT'])
    const table = await treeOf(image)
    expect([...(await findSums(table)).keys()].map((index) => table.pathOf(index))).toEqual(['ONE.TXT'])
    expect((await readSumLists(table)).length).toBe(1)
  })

  it('is damage where its own sum is wrong too', async () => {
    const { bytes, loaderAt } = bootable(before)
    bytes[loaderAt + 100] = 8
    const image = await openBytes(bytes)
    expect(await verdicts(image)).toEqual(['passed BOOT.CAT', 'failed LOADER.BIN', 'passed ONE.TXT'])
    expect((await findSums(await treeOf(image))).size).toBe(2)
  })
})
