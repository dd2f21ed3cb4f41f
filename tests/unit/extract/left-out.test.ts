import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, concat, nm, px, sl, SP, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

const rootUse = concat(SP, px(0o040755))
const file = (name: string): BuildNode => ({ name: `${name};1`, data: name, use: concat(px(0o100644), nm(name)) })

async function outcomesOf(nodes: BuildNode[], destination: string): Promise<Map<string, EntryOutcome>> {
  const image = await openBytes(buildIso(nodes, { rootUse }).bytes)
  const outcomes = new Map<string, EntryOutcome>()
  await extract({
    table: await image.view('rock-ridge').readTree(),
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

  it('is told by its own reason: a link to a name with a NUL byte', async () => {
    const destination = path.join(temporaryFolder(), 'out')
    const link = { name: 'L.;1', data: '', use: concat(px(0o120777), nm('link'), sl([[0, 'a\0b']])) }
    const outcomes = await outcomesOf([file('A.TXT'), link], destination)
    expect(outcomes.get('link')).toMatchObject({ status: 'skipped', code: 'LINK_TARGET_INVALID' })
  })
})
