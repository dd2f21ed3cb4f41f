import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveConflicts } from '../../../src-main/extract/conflicts'
import { openFolder } from '../../../src-main/extract/folder-handle'
import { makePlan, type Plan } from '../../../src-main/extract/plan'
import { nameRulesFor } from '../../../src-main/extract/safe-names'
import { selectEntries } from '../../../src-main/extract/selection'
import { openImage, type EntryTable } from '../../../src-main/image'
import { FileByteSource } from '../../../src-main/files/file-byte-source'
import { buildIso, type BuildNode } from '../../images/iso-builder'
import { processorTime } from '../processor-time'
import { temporaryFolder } from '../support'

const rules = nameRulesFor(process.platform)

async function tableOf(root: BuildNode[]): Promise<EntryTable> {
  const file = path.join(temporaryFolder(), 'many.iso')
  fs.writeFileSync(file, buildIso(root).bytes)
  const image = await openImage(FileByteSource.open(file), { name: 'many.iso' })
  return image.view('iso9660').readTree()
}

function planOf(table: EntryTable, kind: 'flat' | 'full'): Plan {
  return makePlan(table, selectEntries(table, { paths: null }), { kind }, rules)
}

const files = (count: number): BuildNode[] =>
  Array.from({ length: count }, (_, i) => ({ name: `F${String(i).padStart(5, '0')}.;1`, data: '' }))

/** `count` files of one name, each in a folder of its own; folders of folders, as a directory has its limits. */
const equalNames = (count: number): BuildNode[] =>
  Array.from({ length: Math.ceil(count / 100) }, (_, d) => ({
    name: `D${String(d).padStart(4, '0')}`,
    children: Array.from({ length: Math.min(100, count - d * 100) }, (_inner, i) => ({
      name: `E${String(i).padStart(3, '0')}`,
      children: [{ name: 'SAME.TXT;1', data: '' }],
    })),
  }))

describe('many names that are taken', () => {
  it.each(['skip', 'rename', 'overwrite'] as const)(
    '20 000 of them are settled in seconds (%s)',
    async (policy) => {
      const table = await tableOf(files(20_000))
      const folder = temporaryFolder()
      for (const name of files(20_000)) fs.writeFileSync(path.join(folder, String(name.name).replace('.;1', '')), '')
      const plan = planOf(table, 'full')
      const handle = openFolder(folder)
      const { ms, value } = await processorTime(() => resolveConflicts(plan, handle, policy, rules))
      handle.close()
      expect(value.skipped.size + value.numbered.size + value.overwritten.size).toBe(20_000)
      expect(ms).toBeLessThan(4000)
      if (policy !== 'rename') return
      const names = Array.from({ length: plan.length - 1 }, (_, i) => plan.nameOf(i + 1))
      expect(new Set(names).size).toBe(20_000)
      expect(names.every((name) => name.endsWith(' (2)'))).toBe(true)
      // Twenty thousand files are made first, which is the disk's affair.
    },
    120_000,
  )

  it('12 000 equal names in one folder are numbered in order, in seconds', async () => {
    const table = await tableOf(equalNames(12_000))
    const { ms, value: plan } = await processorTime(() => planOf(table, 'flat'))
    const names = Array.from({ length: plan.length - 1 }, (_, i) => plan.nameOf(i + 1))
    expect(names[0]).toBe('SAME.TXT')
    expect(names.at(-1)).toBe('SAME (12000).TXT')
    expect(new Set(names).size).toBe(12_000)
    expect(ms).toBeLessThan(2000)
  })

  it('a name that a made-up one would take keeps it', async () => {
    const table = await tableOf([
      { name: 'A', children: [{ name: 'X.TXT;1', data: '' }] },
      { name: 'B', children: [{ name: 'X.TXT;1', data: '' }] },
      { name: 'C', children: [{ name: 'X (2).TXT;1', data: '' }] },
    ])
    const plan = planOf(table, 'flat')
    const names = Array.from({ length: plan.length - 1 }, (_, i) => plan.nameOf(i + 1))
    expect(new Set(names).size).toBe(3)
  })
})
