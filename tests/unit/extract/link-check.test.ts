import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { LinkCheck, type LookAtDestination } from '../../../src-main/extract/link-check'
import { makePlan } from '../../../src-main/extract/plan'
import { nameRulesFor } from '../../../src-main/extract/safe-names'
import { selectEntries } from '../../../src-main/extract/selection'
import { extractZip } from '../../../src-main/extract/zip'
import type { EntryOutcome } from '../../../src-shared/model'
import { linkTo, namedIso, type NamedTree } from '../../images/named-iso'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

const tableOf = async (tree: NamedTree) => (await openBytes(namedIso(tree))).view('rock-ridge').readTree()

/** Which of a tree's links stay inside, by path. */
async function verdicts(
  tree: NamedTree,
  system: NodeJS.Platform = 'linux',
  look?: LookAtDestination,
): Promise<Record<string, boolean>> {
  const table = await tableOf(tree)
  const rules = nameRulesFor(system)
  const plan = makePlan(table, selectEntries(table, { paths: null }), { kind: 'full' }, rules)
  const check = new LinkCheck(plan, rules, look)
  const found: Record<string, boolean> = {}
  for (let node = 1; node < plan.length; node++)
    if (table.kindOf(plan.entryOf(node)) === 'symlink') found[plan.pathOf(node)] = check.staysInside(node)
  return found
}

describe('a link of a plan', () => {
  it('is followed from the folder that holds it', async () => {
    const tree = {
      top: linkTo('..'),
      same: linkTo('.'),
      passwd: linkTo('/etc/passwd'),
      a: { file: 'x', beside: linkTo('./file'), up: linkTo('../a'), out: linkTo('../../b') },
    }
    expect(await verdicts(tree)).toEqual({
      top: false,
      same: true,
      passwd: false,
      'a/beside': true,
      'a/up': true,
      'a/out': false,
    })
  })

  it('is followed through other links, not counted', async () => {
    const tree = {
      p: { q: { r: { d: linkTo('../../..') } } },
      deep: linkTo('p/q/r/d/..'),
      through: linkTo('p/q/r/d/p/q'),
      chain: linkTo('deep/etc/passwd'),
      short: linkTo('p/q/r/..'),
    }
    expect(await verdicts(tree)).toEqual({
      'p/q/r/d': true,
      deep: false,
      through: true,
      chain: false,
      short: true,
    })
  })

  it('may name what is not there, but not go up again behind it', async () => {
    const tree = { file: 'x', gone: linkTo('later/file'), behind: linkTo('later/..'), file2: linkTo('file/..') }
    expect(await verdicts(tree)).toEqual({ gone: true, behind: false, file2: false })
  })

  it('may lead in a circle, which leads nowhere', async () => {
    const tree = { a: linkTo('b'), b: linkTo('a'), self: linkTo('self/x'), up: linkTo('a/..') }
    expect(await verdicts(tree)).toEqual({ a: true, b: true, self: true, up: false })
  })

  it('has a backslash in its target for a separator on Windows only', async () => {
    const tree = { 'x\\y\\z': {}, notes: linkTo('x\\y\\z/../../a'), inside: linkTo('x\\y\\z/..'), b: linkTo('..\\a') }
    expect(await verdicts(tree)).toEqual({ notes: false, inside: true, b: true })
    expect(await verdicts({ b: linkTo('..\\a'), c: linkTo('C:\\a'), d: linkTo('\\a') }, 'win32')).toEqual({
      b: false,
      c: false,
      d: false,
    })
  })

  it('is followed through what is at the destination', async () => {
    const look: LookAtDestination = (at) => (at === 'old' ? { linksTo: 'real' } : at === 'real' ? 'folder' : 'nothing')
    const tree = { one: linkTo('old/..'), two: linkTo('old/../..'), three: linkTo('real/..') }
    expect(await verdicts(tree, 'linux', look)).toEqual({ one: true, two: false, three: true })
  })

  it('is walked once, however many lead through it', async () => {
    const tree: NamedTree = {}
    for (let i = 0; i < 3000; i++) tree[`l${i}`] = linkTo(i === 2999 ? '..' : `l${i + 1}`)
    const found = await verdicts(tree)
    expect(Object.values(found)).not.toContain(true)
  })
})

describe('links that lead out', () => {
  const tree = {
    z: 'z',
    p: { q: { d: linkTo('../..') } },
    e: linkTo('p/q/d/..'),
    good: linkTo('p/q'),
    passwd: linkTo('/etc/passwd'),
  }
  const refused = [
    ['e', 'LINK_LEADS_OUT'],
    ['passwd', 'LINK_LEADS_OUT'],
  ]

  it('are not made in a folder', async () => {
    const destination = path.join(temporaryFolder(), 'out')
    const onOutcome = vi.fn<(outcome: EntryOutcome) => void>()
    const summary = await extract({
      table: await tableOf(tree),
      selection: { paths: null },
      layout: { kind: 'full' },
      control: UNCONTROLLED,
      conflicts: 'fail',
      destination,
      onOutcome,
    })
    expect(summary.problems).toBe(2)
    const problems = onOutcome.mock.calls.map(([one]) => one).filter((one) => one.status === 'skipped')
    expect(problems.map(({ path: of, code }) => [of, code])).toEqual(refused)
    expect(fs.readdirSync(destination).sort()).toEqual(['good', 'p', 'z'])
  })

  it('are not made through a link that an earlier extraction has left', async () => {
    const destination = temporaryFolder()
    fs.mkdirSync(path.join(destination, 'x', 'y'), { recursive: true })
    fs.symlinkSync('../..', path.join(destination, 'x', 'y', 'd'))
    const summary = await extract({
      table: await tableOf({ e: linkTo('x/y/d/..'), f: linkTo('x/y/..') }),
      selection: { paths: null },
      layout: { kind: 'full' },
      control: UNCONTROLLED,
      conflicts: 'fail',
      destination,
    })
    expect(summary).toMatchObject({ symlinks: 1, problems: 1 })
    expect(fs.readdirSync(destination).sort()).toEqual(['f', 'x'])
  })

  it('are not put into a ZIP', async () => {
    const outcomes: EntryOutcome[] = []
    const summary = await extractZip({
      table: await tableOf(tree),
      selection: { paths: null },
      layout: { kind: 'full' },
      control: UNCONTROLLED,
      target: path.join(temporaryFolder(), 'out.zip'),
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    expect(summary).toMatchObject({ symlinks: 2, problems: 2 })
    expect(outcomes.filter(({ status }) => status === 'skipped').map(({ path: of, code }) => [of, code])).toEqual(
      refused,
    )
  })
})

describe('links of one name that meet in one folder', () => {
  const tree = {
    a: { u: linkTo('../../out'), v: linkTo('/etc/passwd'), w: linkTo('f'), x: 'one' },
    b: { u: linkTo('f'), v: linkTo('../up'), w: linkTo('f'), x: 'two' },
    c: { u: linkTo('/root'), f: 'x', v: 'three' },
  }

  it('are numbered only where the name is really taken, and the reason says so', async () => {
    const table = await tableOf(tree)
    const folder = temporaryFolder()
    const outcomes: EntryOutcome[] = []
    const request = { table, selection: { paths: null }, layout: { kind: 'flat' }, control: UNCONTROLLED } as const
    await extract({ ...request, destination: folder, conflicts: 'fail', onOutcome: (one) => outcomes.push(one) })
    expect(fs.readdirSync(folder).sort()).toEqual(['f', 'u', 'v', 'w', 'w (2)', 'x', 'x (2)'])
    expect(fs.readlinkSync(path.join(folder, 'u'))).toBe('f')
    expect(fs.readFileSync(path.join(folder, 'v'), 'utf8')).toBe('three')
    const told = outcomes.map(({ path: from, to, status, code }) => [from, to, status, code ?? ''])
    expect(told.filter(([, , status]) => status !== 'written').sort()).toEqual([
      ['a/u', null, 'skipped', 'LINK_LEADS_OUT'],
      ['a/v', null, 'skipped', 'LINK_LEADS_OUT'],
      ['b/v', null, 'skipped', 'LINK_LEADS_OUT'],
      ['b/w', 'w (2)', 'renamed', 'NAME_TAKEN'],
      ['b/x', 'x (2)', 'renamed', 'NAME_TAKEN'],
      ['c/u', null, 'skipped', 'LINK_LEADS_OUT'],
    ])
  })

  it('are so in an archive, too', async () => {
    const table = await tableOf(tree)
    const outcomes: EntryOutcome[] = []
    const target = path.join(temporaryFolder(), 'out.zip')
    const request = { table, selection: { paths: null }, layout: { kind: 'flat' }, control: UNCONTROLLED } as const
    await extractZip({ ...request, target, onOutcome: (one) => outcomes.push(one) })
    const names = outcomes.map(({ to }) => to).filter((to) => to !== null)
    expect(names.sort()).toEqual(['f', 'u', 'v', 'w', 'w (2)', 'x', 'x (2)'])
  })
})
