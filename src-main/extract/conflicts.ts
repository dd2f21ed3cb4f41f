import fs from 'node:fs'
import path from 'node:path'
import { because, type ConflictPolicy, type ConflictQuestion } from '../../src-shared/model'
import type { MaybePromise } from '../image/core/byte-source'
import { ExtractError } from './extract-error'
import { CancelledError } from '../task'
import type { FolderHandle } from './folder-handle'
import { SYNTHETIC, type Plan } from './plan'
import { collisionKey, FreeNames, type NameRules } from './safe-names'

export type ConflictChoice = 'skip' | 'overwrite' | 'rename' | 'newer' | 'different' | 'cancel'

/** Puts a question to the person, or to who decides for them. `forAll` settles every later one the same way. */
export type AskConflict = (
  question: ConflictQuestion,
) => MaybePromise<{ choice: ConflictChoice | 'fail'; forAll: boolean }>

/** What is to happen to the nodes whose names are taken. A folder that meets a folder is not a conflict. */
export interface Resolution {
  skipped: Set<number>
  overwritten: Set<number>
  /** Nodes that got another name because theirs was taken. */
  numbered: Set<number>
}

/** FAT keeps times in steps of two seconds; less apart than that is the same time. */
const SAME_TIME_MS = 2000
const NAMED_AT_MOST = 5

interface Context {
  plan: Plan
  children: Map<number, number[]>
  rules: NameRules
  resolution: Resolution
  policy: ConflictPolicy
  ask: AskConflict | undefined
  keepsTopApart: boolean
  taken: string[]
}

/**
 * Compares the plan with what is already at the destination and settles every conflict before anything is written.
 * Renaming changes the plan. With `keepsTopApart` a top-level folder that already exists is a conflict too, so that
 * nothing is ever spilled into it.
 * @throws {ExtractError} `NAME_TAKEN` under the policy `fail`, naming the first few; {@link CancelledError} by answer
 */
export async function resolveConflicts(
  plan: Plan,
  destination: FolderHandle,
  policy: ConflictPolicy,
  rules: NameRules,
  options: { ask?: AskConflict | undefined; keepsTopApart?: boolean | undefined } = {},
): Promise<Resolution> {
  const resolution: Resolution = { skipped: new Set(), overwritten: new Set(), numbered: new Set() }
  const { ask, keepsTopApart = false } = options
  const context: Context = {
    plan,
    children: plan.childLists(),
    rules,
    resolution,
    policy,
    ask,
    keepsTopApart,
    taken: [],
  }
  await settleFolder(context, 0, destination)
  if (context.taken.length > 0) throw namesTaken(context.taken, destination.shownPath)
  return resolution
}

async function settleFolder(context: Context, node: number, folder: FolderHandle): Promise<void> {
  const present = new Map<string, string>()
  for (const name of fs.readdirSync(folder.at('.'))) present.set(collisionKey(name, context.rules), name)
  if (present.size === 0) return
  const children = context.children.get(node) ?? []
  const names = new TakenNames(context, present, children)
  for (const child of children) {
    const existingName = present.get(collisionKey(context.plan.nameOf(child), context.rules))
    if (existingName === undefined) continue
    const existing = fs.lstatSync(folder.at(existingName), { throwIfNoEntry: false })
    if (!existing) continue
    const mayMerge = node !== 0 || !context.keepsTopApart
    if (mayMerge && context.plan.isDirectory(child) && existing.isDirectory()) {
      // The folder there keeps its spelling.
      if (existingName !== context.plan.nameOf(child)) context.plan.rename(child, existingName)
      const below = folder.enter(existingName)
      try {
        await settleFolder(context, child, below)
      } finally {
        below.close()
      }
      continue
    }
    await settleName(context, child, existing, folder, names)
  }
}

/** Every name that is taken in a folder: by what is there, and by what is to come. Gathered when first asked for. */
class TakenNames {
  private free: FreeNames | null = null
  private readonly planned = new Set<string>()

  constructor(
    private readonly context: Context,
    private readonly present: ReadonlyMap<string, string>,
    private readonly children: readonly number[],
  ) {}

  /** A free name, which is taken after this. */
  take(name: string): string {
    const { plan, rules } = this.context
    if (!this.free) {
      for (const child of this.children) this.planned.add(collisionKey(plan.nameOf(child), rules))
      this.free = new FreeNames(rules, (candidate) => {
        const key = collisionKey(candidate, rules)
        return this.present.has(key) || this.planned.has(key)
      })
    }
    const free = this.free.next(name)
    this.planned.add(collisionKey(free, rules))
    return free
  }
}

async function settleName(
  context: Context,
  node: number,
  existing: fs.Stats,
  folder: FolderHandle,
  names: TakenNames,
): Promise<void> {
  const { plan, resolution } = context
  switch (await decide(context, node, existing, folder)) {
    case 'fail':
      context.taken.push(plan.pathOf(node))
      return
    case 'skip':
      skipAll(context, node)
      return
    case 'overwrite':
      // A folder is never replaced by a file, nor a file by a folder: too much would go at once.
      if (plan.isDirectory(node) || existing.isDirectory()) context.taken.push(plan.pathOf(node))
      else resolution.overwritten.add(node)
      return
    case 'rename':
      plan.rename(node, names.take(plan.nameOf(node)))
      resolution.numbered.add(node)
      return
  }
}

type Decision = 'fail' | 'skip' | 'overwrite' | 'rename'

async function decide(context: Context, node: number, existing: fs.Stats, folder: FolderHandle): Promise<Decision> {
  const choice = context.policy === 'ask' ? await askPerson(context, node, existing, folder) : context.policy
  const { plan } = context
  const entry = plan.entryOf(node)
  const modified = entry === SYNTHETIC ? NaN : plan.table.modifiedOf(entry)
  switch (choice) {
    case 'newer':
      return modified > existing.mtimeMs + SAME_TIME_MS ? 'overwrite' : 'skip'
    case 'different': {
      const sameSize = entry !== SYNTHETIC && plan.table.byteLengthOf(entry) === existing.size
      return sameSize && Math.abs(modified - existing.mtimeMs) <= SAME_TIME_MS ? 'skip' : 'overwrite'
    }
    case 'cancel':
      throw new CancelledError()
    case 'ask':
      return 'fail'
    default:
      return choice
  }
}

async function askPerson(
  context: Context,
  node: number,
  existing: fs.Stats,
  folder: FolderHandle,
): Promise<ConflictChoice | ConflictPolicy> {
  const { plan, ask } = context
  if (!ask) return 'fail'
  const entry = plan.entryOf(node)
  const modified = entry === SYNTHETIC ? NaN : plan.table.modifiedOf(entry)
  const answer = await ask({
    path: plan.sourcePathOf(node),
    destinationPath: path.join(folder.shownPath, plan.nameOf(node)),
    incoming: {
      byteLength: entry === SYNTHETIC ? 0 : plan.table.byteLengthOf(entry),
      modified: Number.isNaN(modified) ? null : modified,
      kind: entry === SYNTHETIC ? 'directory' : plan.table.kindOf(entry),
    },
    existing: {
      byteLength: existing.isFile() ? existing.size : 0,
      modified: existing.mtimeMs,
      kind: existing.isDirectory() ? 'directory' : existing.isSymbolicLink() ? 'symlink' : 'file',
    },
  })
  if (answer.forAll && answer.choice !== 'cancel') context.policy = answer.choice
  return answer.choice
}

function skipAll(context: Context, node: number): void {
  context.resolution.skipped.add(node)
  for (const child of context.children.get(node) ?? []) skipAll(context, child)
}

function namesTaken(paths: readonly string[], destination: string): ExtractError {
  const named = paths.slice(0, NAMED_AT_MOST).map((path) => `“${path}”`)
  const more = paths.length > NAMED_AT_MOST ? ` and ${paths.length - NAMED_AT_MOST} more` : ''
  const verb = paths.length === 1 ? 'is' : 'are'
  return new ExtractError(
    'NAME_TAKEN',
    `${named.join(', ')}${more} ${verb} already in ${destination}. Nothing was written: choose another folder, or say ` +
      'what to do with names that are taken (skip, overwrite, rename, newer, different).',
    {
      ...because('namesExist', { names: named.join(', ') + (more === '' ? '' : ' …'), folder: destination }),
      paths: paths.slice(0, 1000),
    },
  )
}
