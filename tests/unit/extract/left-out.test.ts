import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import type { EntryTable } from '../../../src-main/image'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, concat, nm, px, sl, SP, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { temporaryFolder } from '../support'

const rootUse = concat(SP, px(0o040755))
const file = (name: string): BuildNode => ({ name: `${name};1`, data: name, use: concat(px(0o100644), nm(name)) })

async function outcomesOf(nodes: BuildNode[], destination: string): Promise<Map<string, EntryOutcome>> {
  const image = await openBytes(buildIso(nodes, { rootUse }).bytes)
  return outcomesOfTree(await image.view('rock-ridge').readTree(), destination)
}

async function outcomesOfTree(table: EntryTable, destination: string): Promise<Map<string, EntryOutcome>> {
  const outcomes = new Map<string, EntryOutcome>()
  await extract({
    table,
    selection: { paths: null },
    layout: { kind: 'full' },
    destination,
    conflicts: 'fail',
    control: UNCONTROLLED,
    onOutcome: (outcome) => outcomes.set(outcome.path, outcome),
  })
  return outcomes
}

describe('what cannot be made', () => {
  it('costs itself: a path beyond what the system takes, with the files around it', async () => {
    if (process.platform === 'win32') return
    const destination = path.join(temporaryFolder(), 'out')
    let deep: BuildNode = file('deep.txt')
    for (let level = 0; level < 30; level++)
      deep = { name: `L${level}`, children: [deep], use: concat(px(0o040755), nm('n'.repeat(150))) }
    const outcomes = await outcomesOf([file('A.TXT'), deep, file('Z.TXT')], destination)
    expect(fs.readFileSync(path.join(destination, 'A.TXT'), 'latin1')).toBe('A.TXT')
    expect(fs.readFileSync(path.join(destination, 'Z.TXT'), 'latin1')).toBe('Z.TXT')
    const left = [...outcomes.values()].filter(({ status }) => status === 'failed')
    expect(left.length).toBeGreaterThan(0)
    expect(left.every(({ code }) => code === 'NAME_TOO_LONG')).toBe(true)
    expect([...outcomes].find(([name]) => name.endsWith('/deep.txt'))?.[1].status).toBe('failed')
  })

  it.each([
    ['to a name with a NUL byte', [sl([[0, 'a\0b']])], 'holds a NUL byte'],
    ['without a target', [], 'no target on record'],
  ])('is told by its own reason: a link %s', async (_what, target, words) => {
    const destination = path.join(temporaryFolder(), 'out')
    const link = { name: 'L.;1', data: '', use: concat(px(0o120777), nm('link'), ...target) }
    const outcomes = await outcomesOf([file('A.TXT'), link], destination)
    const expected = {
      status: 'skipped',
      code: 'LINK_TARGET_INVALID',
      message: expect.stringContaining(words) as string,
    }
    expect(outcomes.get('link')).toMatchObject(expected)
  })

  it('is called encrypted where nothing but a key lacks: files and links of ext4', async () => {
    const image = await openBytes(sampleImage('ext/encrypted.img.zst'), { name: 'disk.img' })
    const destination = path.join(temporaryFolder(), 'out')
    const outcomes = await outcomesOfTree(await image.view('ext').readTree(), destination)
    const left = [...outcomes.values()].filter(({ status }) => status !== 'written')
    expect(left.map(({ details }) => details?.reason)).toEqual(['contentEncrypted', 'contentEncrypted'])
    expect(left.every(({ status, message }) => status === 'failed' && message?.includes('is encrypted'))).toBe(true)
    expect(fs.readFileSync(path.join(destination, 'plain.txt'), 'latin1')).toBe('plain\n')
  })
})
